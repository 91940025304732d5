package org.dl4jgn;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.dl4jgn.curvature.Linearization;
import org.dl4jgn.curvature.NetworkResiduals;
import org.dl4jgn.dl4j.GaussNewtonSolver;
import org.dl4jgn.dl4j.StepObserver;
import org.dl4jgn.optimize.Step;
import org.dl4jgn.optimize.TrainingStoppedException;
import org.dl4jgn.translate.GraphModel;
import org.dl4jgn.translate.MultiLayerModel;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

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
     * needed. Calling it again does nothing.
     *
     * <p>To be called again whenever DL4J has made another network or forgotten its solver: after {@code clone()}, after
     * restoring a saved model and after transfer learning. A clone, and a model restored with its updater state, go on
     * bit for bit. {@code net.clear()} forgets the updater's state as well, as it does for DL4J's own optimizers: momentum
     * and damping start anew.
     *
     * <p>Fitting calls the network's listeners as DL4J's optimizers do. {@code net.score()} is the loss before the step.
     * {@code net.gradient()} is filled in for listeners only: from {@code onBackwardPass} on it is the gradient of the data
     * loss, summed over the examples, and in {@code iterationDone} what the step subtracted from the parameters.
     *
     * <p>A network belongs to one thread at a time; different networks may train in different threads.
     *
     * @return the network
     * @throws org.dl4jgn.translate.UnsupportedNetworkException if the network has a layer, loss or setting that is not
     *     supported; the message names it and lists what is supported, and the network is as it was
     */
    public static MultiLayerNetwork attach(MultiLayerNetwork net) {
        Objects.requireNonNull(net, "net must not be null");
        if (!net.isInitCalled()) {
            net.init();
        }
        GaussNewtonSolver.install(net, new Reporter());
        return net;
    }

    /** The same for a computation graph, with as many inputs and outputs as it has: its loss is the sum of theirs. */
    public static ComputationGraph attach(ComputationGraph net) {
        Objects.requireNonNull(net, "net must not be null");
        net.init();
        GaussNewtonSolver.install(net, new Reporter());
        return net;
    }

    /**
     * Prepares to linearize a network, trained by whatever optimizer, at batches of data; initialises it if needed. Close
     * the result after use.
     *
     * @throws org.dl4jgn.translate.UnsupportedNetworkException if the network has a layer, loss or setting that is not
     *     supported
     */
    public static Linearization linearize(MultiLayerNetwork net) {
        Objects.requireNonNull(net, "net must not be null");
        if (!net.isInitCalled()) {
            net.init();
        }
        return new Linearization(new MultiLayerModel(net));
    }

    /** The same for a computation graph. */
    public static Linearization linearize(ComputationGraph net) {
        Objects.requireNonNull(net, "net must not be null");
        net.init();
        return new Linearization(new GraphModel(net));
    }

    /**
     * A network with a squared loss, on all of its data, as residuals for {@link org.dl4jgn.leastsquares.LevenbergMarquardt}: for
     * small and middle-sized networks in double, to the last digit. Initialises the network if needed; close the result after
     * use.
     *
     * <pre>{@code
     * try (NetworkResiduals residuals = GaussNewton.leastSquares(net, features, labels)) {
     *     residuals.fit(LevenbergMarquardt.builder().target(1e-12).build());      // the network has the parameters now
     * }
     * }</pre>
     *
     * @throws org.dl4jgn.translate.UnsupportedNetworkException if the network is not of double, its loss not MSE or L2 on identity,
     *     or something of it is not supported
     */
    public static NetworkResiduals leastSquares(MultiLayerNetwork net, INDArray features, INDArray labels) {
        Objects.requireNonNull(net, "net must not be null");
        if (!net.isInitCalled()) {
            net.init();
        }
        return new NetworkResiduals(new MultiLayerModel(net), features, labels);
    }

    /**
     * The report of the last step.
     *
     * @param net a network of either kind
     * @return empty before the first step
     * @throws IllegalStateException if the network is not attached
     */
    public static Optional<StepReport> report(Model net) {
        if (GaussNewtonSolver.observerOf(net) instanceof Reporter reporter) {
            return Optional.ofNullable(reporter.last);
        }
        throw notAttached();
    }

    /**
     * Ends a training from within: {@code fit} ends by a {@link TrainingStoppedException} with the given reason, when the
     * step that is under way is whole, or before the next step if none is. Parameters, state and counters are those after
     * the last whole step, and training goes on from there with the next {@code fit}.
     *
     * <p>May be called from any listener, and from any thread. A request made after the last step of a {@code fit}, for
     * instance from {@code onEpochEnd} of its last epoch, ends the next {@code fit} before its first step.
     *
     * @param net a network of either kind, as listeners get it
     * @param reason why, in words for whoever reads the exception
     * @throws IllegalStateException if the network is not attached
     */
    public static void stop(Model net, String reason) {
        Objects.requireNonNull(reason, "reason must not be null");
        if (!GaussNewtonSolver.stop(net, reason)) {
            throw notAttached();
        }
    }

    private static IllegalStateException notAttached() {
        return new IllegalStateException("The network is not attached; call GaussNewton.attach(net) first");
    }

    /** Keeps the last report and tells the listeners that want it. */
    private static final class Reporter implements StepObserver {

        private @Nullable StepReport last;

        @Override
        public void stepDone(Model net, int iteration, int epoch, Step step, Duration total) {
            StepReport report = StepReport.of(iteration, epoch, step, total);
            last = report;
            for (TrainingListener listener : GaussNewtonSolver.listenersOf(net)) {
                if (listener instanceof GaussNewtonListener gaussNewton) {
                    gaussNewton.stepDone(net, report);
                }
            }
        }

        @Override
        public void stepFinished(Model net) {
            for (TrainingListener listener : GaussNewtonSolver.listenersOf(net)) {
                if (listener instanceof GaussNewtonListener gaussNewton) {
                    gaussNewton.stepFinished(net);
                }
            }
        }
    }
}
