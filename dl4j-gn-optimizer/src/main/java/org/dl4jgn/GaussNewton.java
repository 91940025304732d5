package org.dl4jgn;

import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.dl4jgn.curvature.Linearization;
import org.dl4jgn.optimize.GaussNewtonSolver;
import org.dl4jgn.optimize.Step;
import org.dl4jgn.optimize.StepObserver;
import org.jspecify.annotations.Nullable;

/**
 * Gauss-Newton training for DL4J: the entry point.
 *
 * <pre>{@code
 * MultiLayerConfiguration conf = new GaussNewtonConfiguration.Builder()
 *         .optimizationAlgo(Sgn.builder().build())
 *         ... // layers as always
 *         .build();
 * MultiLayerNetwork net = GaussNewton.attach(new MultiLayerNetwork(conf));
 * net.fit(iterator, epochs);
 * }</pre>
 */
public final class GaussNewton {

    private GaussNewton() {}

    /**
     * Makes {@code fit} of a network take Gauss-Newton steps, as its configuration says; initialises the network if
     * needed. Calling it again does nothing. To be called again after {@code clone()}, after restoring a saved model (it
     * goes on bit for bit) and after {@code net.clear()}, all of which make DL4J forget its solver.
     *
     * @return the network
     * @throws org.dl4jgn.graph.UnsupportedNetworkException if the network has a layer, loss or setting that is not
     *     supported; the message names it and lists what is supported
     */
    public static MultiLayerNetwork attach(MultiLayerNetwork net) {
        if (!net.isInitCalled()) {
            net.init();
        }
        GaussNewtonSolver.install(net, new Reporter());
        return net;
    }

    /**
     * Prepares to linearize a network, trained by whatever optimizer, at batches of data; initialises it if needed. Close
     * the result after use.
     *
     * @throws org.dl4jgn.graph.UnsupportedNetworkException if the network has a layer, loss or setting that is not
     *     supported
     */
    public static Linearization linearize(MultiLayerNetwork net) {
        if (!net.isInitCalled()) {
            net.init();
        }
        return new Linearization(net);
    }

    /**
     * The report of the last step.
     *
     * @return empty before the first step
     * @throws IllegalStateException if the network is not attached
     */
    public static Optional<StepReport> report(MultiLayerNetwork net) {
        if (GaussNewtonSolver.observerOf(net) instanceof Reporter reporter) {
            return Optional.ofNullable(reporter.last);
        }
        throw new IllegalStateException("The network is not attached; call GaussNewton.attach(net) first");
    }

    /** Keeps the last report and tells the listeners that want it. */
    private static final class Reporter implements StepObserver {

        private @Nullable StepReport last;

        @Override
        public void stepDone(MultiLayerNetwork net, Step step) {
            StepReport report = StepReport.of(step);
            last = report;
            for (TrainingListener listener : List.copyOf(net.getListeners())) {
                if (listener instanceof GaussNewtonListener gaussNewton) {
                    gaussNewton.stepDone(net, report);
                }
            }
        }
    }
}
