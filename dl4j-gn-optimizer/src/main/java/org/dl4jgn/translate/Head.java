package org.dl4jgn.translate;

import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * What comes after the pre-activations z of a network: the activation o = σ(z) of the output layer and the loss ℓ(o, y).
 *
 * @param layer the index of the output layer
 * @param conf its configuration
 * @param loss DL4J's loss function
 * @param activation DL4J's activation function
 */
public record Head(int layer, BaseLayer conf, ILossFunction loss, IActivation activation) {

    /**
     * The head of {@code net}: its last layer.
     *
     * @throws UnsupportedNetworkException if the last layer has no loss
     */
    public static Head of(MultiLayerNetwork net) {
        int last = net.getnLayers() - 1;
        Layer conf = net.getLayerWiseConfigurations().getConf(last).getLayer();
        if (conf instanceof BaseOutputLayer output) {
            return new Head(last, output, output.getLossFn(), output.getActivationFn());
        }
        if (conf instanceof LossLayer output) {
            return new Head(last, output, output.getLossFn(), output.getActivationFn());
        }
        throw new UnsupportedNetworkException(GraphWriter.describe(last, conf)
                + " as the last layer is not supported. Supported: OutputLayer, LossLayer.");
    }

    /** Whether each output depends on all pre-activations of its example. */
    public boolean isSoftmax() {
        return activation.getClass() == ActivationSoftmax.class;
    }
}
