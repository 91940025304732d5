package org.dl4jgn.optimize;

import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.conf.GaussNewtonUpdater;
import org.dl4jgn.graph.UnsupportedNetworkException;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.learning.config.IUpdater;

/** Finds the optimizer of a network's configuration and refuses training settings that do not go with it. */
final class TrainedConfiguration {

    private TrainedConfiguration() {}

    /**
     * The one optimizer of all layers with parameters.
     *
     * @throws UnsupportedNetworkException if there is none, or not the same in all layers
     */
    static GaussNewtonUpdater of(MultiLayerNetwork net) {
        GaussNewtonUpdater found = null;
        for (org.deeplearning4j.nn.api.Layer layer : net.getLayers()) {
            if (layer.numParams() > 0 && layer.conf().getLayer() instanceof BaseLayer conf) {
                GaussNewtonUpdater here = updaterOf(layer.getIndex(), conf, conf.getIUpdater());
                if (conf.getBiasUpdater() != null) {
                    updaterOf(layer.getIndex(), conf, conf.getBiasUpdater());
                }
                if (found != null && found != here && !found.equals(here)) {
                    throw new UnsupportedNetworkException("Layer " + layer.getIndex() + " has other optimizer settings"
                            + " than the layers before it; Gauss-Newton steps are taken on all parameters together, so"
                            + " all layers must have the same. Supported: one optimizer for the whole network.");
                }
                found = here;
            }
        }
        if (found == null) {
            throw new UnsupportedNetworkException("The network has no parameters to train.");
        }
        return found;
    }

    private static GaussNewtonUpdater updaterOf(int index, Layer conf, @Nullable IUpdater updater) {
        if (updater instanceof GaussNewtonUpdater gaussNewton) {
            return gaussNewton;
        }
        throw new UnsupportedNetworkException(
                "Layer " + index + " (" + conf.getClass().getSimpleName()
                        + ") has the updater " + updater
                        + "; Gauss-Newton training needs Sgn or Egn in every layer with"
                        + " parameters: set it once with optimizationAlgo(sgn) or updater(sgn), and no layer or bias updaters.");
    }

    /**
     * Checks everything about training that is known before the first step.
     *
     * @throws UnsupportedNetworkException naming the first setting that is not supported
     */
    static void check(MultiLayerNetwork net) {
        of(net);
        if (net.getLayerWiseConfigurations().getBackpropType() == BackpropType.TruncatedBPTT) {
            throw new UnsupportedNetworkException(
                    "Truncated backpropagation through time is not supported. Supported: BackpropType.Standard.");
        }
        for (org.deeplearning4j.nn.api.Layer layer : net.getLayers()) {
            NeuralNetConfiguration conf = layer.conf();
            if (conf.getLayer() instanceof BaseLayer base
                    && base.getGradientNormalization() != null
                    && base.getGradientNormalization() != GradientNormalization.None) {
                throw new UnsupportedNetworkException("Layer " + layer.getIndex() + ": gradient normalization "
                        + base.getGradientNormalization() + " is not supported, because a Gauss-Newton step is not a"
                        + " scaled gradient. Supported: none; damping and line search bound the step.");
            }
        }
    }
}
