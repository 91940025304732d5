package org.dl4jgn.conf;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;

/** Where a network's configuration names its Gauss-Newton optimizer. */
public final class GaussNewtonConfiguration {

    private GaussNewtonConfiguration() {}

    /**
     * DL4J's configuration builder, with one more {@code optimizationAlgo}.
     *
     * <p>DL4J's own takes an enum that no library can extend; this one is short for {@code updater(sgn)}, and the stock
     * builder with {@code updater(sgn)} does as well. Call it first: the builder's own methods return DL4J's type.
     */
    public static class Builder extends NeuralNetConfiguration.Builder {

        /** Trains with the given optimizer, after {@code GaussNewton.attach(net)}. */
        public Builder optimizationAlgo(GaussNewtonUpdater optimizer) {
            updater(optimizer);
            return this;
        }
    }
}
