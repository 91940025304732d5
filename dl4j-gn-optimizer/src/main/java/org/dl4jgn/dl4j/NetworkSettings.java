package org.dl4jgn.dl4j;

import java.util.Set;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.OptimizationAlgorithm;
import org.deeplearning4j.nn.api.TrainingConfig;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.dl4jgn.conf.GaussNewtonUpdater;
import org.dl4jgn.network.LossSupport;
import org.dl4jgn.translate.GraphWriter;
import org.dl4jgn.translate.Refusals;
import org.dl4jgn.translate.UnsupportedNetworkException;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.learning.config.IUpdater;

/** Finds the optimizer of a network's configuration and refuses training settings that do not go with it. */
final class NetworkSettings {

    private NetworkSettings() {}

    /**
     * The one optimizer of all layers with parameters, at the network's iteration and epoch.
     *
     * @throws UnsupportedNetworkException if there is none, or not the same in all layers
     */
    static GaussNewtonUpdater of(AttachableNetwork net) {
        GaussNewtonUpdater found = null;
        for (Layer layer : net.layers()) {
            if (layer.numParams() > 0 && layer.conf().getLayer() instanceof BaseLayer conf) {
                found = same(found, conf.getIUpdater(), net, describe(layer), "");
                if (conf.getBiasUpdater() != null) {
                    found = same(found, conf.getBiasUpdater(), net, describe(layer), "bias ");
                }
            } else if (layer.numParams() > 0) {
                found = ofEach(found, layer.paramTable().keySet(), layer.conf().getLayer(), net, describe(layer));
            }
        }
        for (GraphVertex vertex : net.vertices()) {
            String name = "Vertex '" + vertex.getVertexName() + "'";
            found = ofEach(found, vertex.paramTable(false).keySet(), vertex.getConfig(), net, name);
        }
        if (found == null) {
            throw new UnsupportedNetworkException(
                    "The network has no layer with parameters that Gauss-Newton steps could"
                            + " train. Supported: networks with at least one.");
        }
        return found;
    }

    private static @Nullable GaussNewtonUpdater ofEach(
            @Nullable GaussNewtonUpdater before,
            Set<String> parameters,
            TrainingConfig settings,
            AttachableNetwork net,
            String where) {
        GaussNewtonUpdater found = before;
        for (String key : parameters) {
            found = same(found, settings.getUpdaterByParam(key), net, where, key + " ");
        }
        return found;
    }

    private static GaussNewtonUpdater same(
            @Nullable GaussNewtonUpdater before,
            @Nullable IUpdater here,
            AttachableNetwork net,
            String where,
            String which) {
        if (!(here instanceof GaussNewtonUpdater updater)) {
            throw new UnsupportedNetworkException(where + " has the " + which + "updater " + here
                    + ", which does not go with Gauss-Newton steps. Supported: one Sgn or Egn for the whole network,"
                    + " set once with optimizationAlgo(sgn) or updater(sgn).");
        }
        if (before != null && !agree(before, updater, net)) {
            throw new UnsupportedNetworkException(where + " has other optimizer settings for its " + which
                    + "parameters, " + updater + ", than the parameters before them, " + before
                    + ". Gauss-Newton steps are taken on all parameters together. Supported: one optimizer and one"
                    + " learning rate for the whole network; setLearningRate(net, rate) sets it.");
        }
        return updater;
    }

    /** Whether settings and present learning rates agree; schedules need not be equal, as not all know what that is. */
    private static boolean agree(GaussNewtonUpdater a, GaussNewtonUpdater b, AttachableNetwork net) {
        if (a == b || a.equals(b)) {
            return true;
        }
        int iteration = net.iteration();
        int epoch = net.epoch();
        return withUnitRate(a).equals(withUnitRate(b))
                && a.rateIsFirstGuess() == b.rateIsFirstGuess()
                && Double.compare(a.getLearningRate(iteration, epoch), b.getLearningRate(iteration, epoch)) == 0;
    }

    private static GaussNewtonUpdater withUnitRate(GaussNewtonUpdater updater) {
        GaussNewtonUpdater copy = updater.clone();
        copy.setLrAndSchedule(1.0, null);
        return copy;
    }

    private static String describe(Layer layer) {
        return GraphWriter.describe(layer.getIndex(), layer.conf().getLayer());
    }

    /**
     * Checks everything about training that is known before the first step.
     *
     * @return what is not supported
     */
    static Refusals check(AttachableNetwork net) {
        Refusals refusals = new Refusals();
        refusals.check(() -> of(net));
        refusals.check(net::checkTruncation);
        for (Layer layer : net.layers()) {
            refusals.check(() -> check(layer));
        }
        return refusals;
    }

    /** Checks the losses by their kind. */
    static void checkLosses(AttachableNetwork net, Refusals refusals) {
        for (Layer layer : net.layers()) {
            if (layer.conf().getLayer() instanceof BaseOutputLayer output) {
                refusals.check(() -> LossSupport.require(output.getLossFn()));
            } else if (layer.conf().getLayer() instanceof LossLayer output) {
                refusals.check(() -> LossSupport.require(output.getLossFn()));
            } else if (layer.conf().getLayer() instanceof RnnLossLayer output) {
                refusals.check(() -> LossSupport.require(output.getLossFn()));
            }
        }
    }

    private static void check(Layer layer) {
        NeuralNetConfiguration conf = layer.conf();
        if (conf.getOptimizationAlgo() != OptimizationAlgorithm.STOCHASTIC_GRADIENT_DESCENT) {
            throw new UnsupportedNetworkException("OptimizationAlgorithm." + conf.getOptimizationAlgo()
                    + " beside Sgn or Egn is not supported, because each is an optimizer of its own. Supported: Sgn or"
                    + " Egn alone.");
        }
        if (conf.getStepFunction() != null) {
            throw new UnsupportedNetworkException(
                    "stepFunction(" + conf.getStepFunction()
                            + ") is not supported, because the step is the Gauss-Newton direction times a length that the line search"
                            + " chooses. Supported: no step function; learningRate and lineSearch of Sgn or Egn set the length.");
        }
        if (!conf.isMinimize()) {
            throw new UnsupportedNetworkException("minimize(false), which makes the loss as large as can be, is not"
                    + " supported, because the curvature of a Gauss-Newton step has a least value and no greatest."
                    + " Supported: minimize(true), with the negative of what is to be large as the loss.");
        }
    }

    static UnsupportedNetworkException accumulator() {
        return new UnsupportedNetworkException("A GradientsAccumulator, which shares gradients between workers, is not"
                + " supported, because a Gauss-Newton step is not a sum of gradients. Supported: training on one worker,"
                + " whose products use all cores.");
    }
}
