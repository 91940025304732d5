package org.dl4jgn.conf;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.learning.config.IUpdater;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where a network's configuration names its Gauss-Newton optimizer. */
public final class GaussNewtonConfiguration {

    private GaussNewtonConfiguration() {}

    /**
     * DL4J's configuration builder, with one more {@code optimizationAlgo}.
     *
     * <p>DL4J's own takes an enum that no library can extend; this one stands for {@code updater(sgn)}, and the stock
     * builder with {@code updater(sgn)} does as well. All other methods are DL4J's, with this type as the result, so that
     * the order of the calls does not matter.
     */
    public static class Builder extends CovariantBuilder<Builder> {

        private static final Logger LOG = LoggerFactory.getLogger(GaussNewtonConfiguration.class);

        private @Nullable GaussNewtonUpdater optimizer;

        /**
         * Trains with the given optimizer, after {@code GaussNewton.attach(net)}. It takes the place of an updater, set
         * before or after.
         */
        public Builder optimizationAlgo(GaussNewtonUpdater gaussNewton) {
            optimizer = gaussNewton;
            super.updater(gaussNewton);
            return this;
        }

        /** Sets the updater, unless {@link #optimizationAlgo(GaussNewtonUpdater)} has: then logs that it is not used. */
        @Override
        public Builder updater(IUpdater updater) {
            if (optimizer == null || updater instanceof GaussNewtonUpdater) {
                super.updater(updater);
            } else {
                LOG.warn("Updater {} is not used: the steps come from {}", updater, optimizer);
            }
            return this;
        }
    }
}
