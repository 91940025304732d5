package org.dl4jgn.spark;

import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.curvature.Coupling;
import org.dl4jgn.dl4j.GaussNewtonSolver;
import org.dl4jgn.translate.UnsupportedNetworkException;

/** What DL4J's two kinds of network have in common, without a type that says so. */
final class Networks {

    private Networks() {}

    /** Attaches a network, and makes sure that its loss is a sum over examples. */
    static void prepare(Model net) {
        if (net instanceof ComputationGraph graph) {
            GaussNewton.attach(graph);
        } else if (net instanceof MultiLayerNetwork layers) {
            GaussNewton.attach(layers);
        } else {
            throw new IllegalArgumentException("Gauss-Newton steps do not train a "
                    + net.getClass().getName() + ". Supported: MultiLayerNetwork, ComputationGraph");
        }
        requireSum(net);
    }

    private static void requireSum(Model net) {
        Coupling coupling = GaussNewtonSolver.couplingOf(net);
        if (coupling.byStatistics()) {
            throw refused(
                    "Batch normalization or a center loss",
                    "its mean and variance, or its centers, are those of all examples of a mini-batch");
        }
        if (coupling.byNoise()) {
            throw refused(
                    "Dropout or another random activation on what a vertex has stacked",
                    "its draw is one for all examples of a mini-batch");
        }
        if (coupling.byState()) {
            throw refused("Truncated backpropagation through time", "a piece begins in the state of the piece before");
        }
    }

    private static UnsupportedNetworkException refused(String what, String why) {
        return new UnsupportedNetworkException(what + " is not supported on a cluster, because " + why
                + ", and partitions know of their own only. Supported: networks whose loss is a sum over examples; on one"
                + " machine fit trains the others.");
    }

    static int iteration(Model net) {
        return net instanceof ComputationGraph graph
                ? graph.getConfiguration().getIterationCount()
                : ((MultiLayerNetwork) net).getIterationCount();
    }

    static long seed(Model net) {
        return net instanceof ComputationGraph graph
                ? graph.getConfiguration().getDefaultConfiguration().getSeed()
                : ((MultiLayerNetwork) net).getDefaultConfiguration().getSeed();
    }

    static void startEpoch(Model net) {
        for (TrainingListener listener : GaussNewtonSolver.listenersOf(net)) {
            listener.onEpochStart(net);
        }
    }

    static void endEpoch(Model net) {
        for (TrainingListener listener : GaussNewtonSolver.listenersOf(net)) {
            listener.onEpochEnd(net);
        }
        if (net instanceof ComputationGraph graph) {
            graph.incrementEpochCount();
        } else {
            ((MultiLayerNetwork) net).incrementEpochCount();
        }
    }
}
