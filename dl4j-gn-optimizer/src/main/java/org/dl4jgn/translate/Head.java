package org.dl4jgn.translate;

import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.CenterLossOutputLayer;
import org.deeplearning4j.nn.conf.layers.Cnn3DLossLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.objdetect.Yolo2OutputLayer;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossL2;

/**
 * What comes after the pre-activations z of a network: the activation o = σ(z) of the output layer and the loss ℓ(o, y).
 *
 * @param layer the index of the output layer
 * @param conf its configuration
 * @param loss DL4J's loss function
 * @param activation DL4J's activation function
 */
public record Head(int layer, Layer conf, ILossFunction loss, IActivation activation) {

    /** Labels of a cell of Yolo2OutputLayer before its classes. */
    static final int YOLO_CORNERS = 4;

    /** The layers with a loss, for messages. */
    static final String KINDS =
            "OutputLayer, LossLayer, RnnOutputLayer, RnnLossLayer, CnnLossLayer, Cnn3DLossLayer, CenterLossOutputLayer, Yolo2OutputLayer";

    /**
     * The head that a layer is.
     *
     * @param index the layer's
     * @throws UnsupportedNetworkException if the layer has no loss
     */
    static Head of(int index, Layer conf) {
        if (conf instanceof BaseOutputLayer output) {
            return new Head(index, output, output.getLossFn(), output.getActivationFn());
        }
        if (conf instanceof LossLayer output) {
            return new Head(index, output, output.getLossFn(), output.getActivationFn());
        }
        if (conf instanceof RnnLossLayer output) {
            return new Head(index, output, output.getLossFn(), output.getActivationFn());
        }
        if (conf instanceof CnnLossLayer output) {
            return new Head(index, output, output.getLossFn(), output.getActivationFn());
        }
        if (conf instanceof Cnn3DLossLayer output) {
            return new Head(index, output, output.getLossFn(), output.getActivationFn());
        }
        if (conf instanceof Yolo2OutputLayer output) {
            return new Head(index, output, new LossL2(), new ActivationIdentity());
        }
        throw new UnsupportedNetworkException(
                GraphWriter.describe(index, conf) + " as the last layer is not supported. Supported: " + KINDS + ".");
    }

    /** Whether a layer has a loss. */
    static boolean isHead(Layer conf) {
        return conf instanceof BaseOutputLayer
                || conf instanceof LossLayer
                || conf instanceof RnnLossLayer
                || conf instanceof CnnLossLayer
                || conf instanceof Cnn3DLossLayer
                || conf instanceof Yolo2OutputLayer;
    }

    /** Four corners and the classes, of z with five numbers and the classes for each box. */
    static long yoloLabels(Yolo2OutputLayer layer, long outputs) {
        return YOLO_CORNERS + outputs / layer.getBoundingBoxes().size(0) - (YOLO_CORNERS + 1);
    }

    /** Whether the layer's loss is more than a loss function of its activation. */
    public boolean hasOwnLoss() {
        return conf instanceof CenterLossOutputLayer || conf instanceof Yolo2OutputLayer;
    }

    /** Columns of labels for each row of z; there are more in z where the layer's loss reads more than its activation does. */
    public long labels(long outputs) {
        if (conf instanceof Yolo2OutputLayer yolo) {
            return yoloLabels(yolo, outputs);
        }
        return conf instanceof CenterLossOutputLayer center ? center.getNOut() : outputs;
    }

    /** Whether each output depends on all pre-activations of its example. */
    public boolean isSoftmax() {
        return activation.getClass() == ActivationSoftmax.class;
    }
}
