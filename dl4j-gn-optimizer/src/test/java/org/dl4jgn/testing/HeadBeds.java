package org.dl4jgn.testing;

import java.util.List;
import java.util.function.Supplier;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.CenterLossOutputLayer;
import org.deeplearning4j.nn.conf.layers.Cnn3DLossLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Beds for dense and output layers, and for losses without parameters. */
final class HeadBeds {

    private HeadBeds() {}

    static List<LayerBed> all() {
        return List.of(
                new LayerBed(InputType.feedForward(3), () -> new DenseLayer.Builder().nOut(4), LayerBeds.output()),
                new LayerBed(
                        InputType.feedForward(3),
                        () -> new ActivationLayer.Builder().activation(Activation.TANH),
                        LayerBeds.output()),
                new LayerBed(
                        InputType.feedForward(3),
                        () -> new OutputLayer.Builder(LossFunction.MCXENT)
                                .nOut(3)
                                .activation(Activation.SOFTMAX)),
                new LayerBed(
                                InputType.feedForward(3),
                                () -> new CenterLossOutputLayer.Builder(LossFunction.MCXENT)
                                        .nOut(3)
                                        .activation(Activation.SOFTMAX))
                        .with("alpha(double)", 0.5)
                        .with("lambda(double)", 0.5)
                        .with("gradientCheck(boolean)", true)
                        // of features that no parameter moves; and it has a bias in any case
                        .indifferent("lambda(double)", "hasBias(boolean)"),
                new LayerBed(
                                LayerBeds.STEPS,
                                () -> new RnnOutputLayer.Builder(LossFunction.MCXENT)
                                        .nOut(3)
                                        .activation(Activation.SOFTMAX))
                        .without("dataFormat(RNNFormat)", "hasBias(boolean)"));
    }

    /** Without parameters, behind a layer that has some. */
    static List<LayerBed> losses() {
        return List.of(
                ofLoss(
                        InputType.feedForward(3),
                        () -> new LossLayer.Builder(LossFunction.MCXENT).activation(Activation.SOFTMAX),
                        new DenseLayer.Builder().nOut(3).build()),
                ofLoss(
                        LayerBeds.STEPS,
                        () -> new RnnLossLayer.Builder(LossFunction.MCXENT).activation(Activation.SOFTMAX),
                        new Convolution1DLayer.Builder(2).nOut(3).build()),
                ofLoss(
                                LayerBeds.IMAGES,
                                () -> new CnnLossLayer.Builder(LossFunction.MCXENT).activation(Activation.SOFTMAX),
                                new ConvolutionLayer.Builder(2, 2).nOut(3).build())
                        .without("format(CNN2DFormat)"),
                ofLoss(
                        InputType.convolutional3D(Convolution3D.DataFormat.NCDHW, 3, 3, 3, 2),
                        () -> new Cnn3DLossLayer.Builder(Convolution3D.DataFormat.NCDHW)
                                .lossFunction(LossFunction.MCXENT)
                                .activation(Activation.SOFTMAX),
                        new Convolution3D.Builder(2, 2, 2).nOut(3).build()));
    }

    /** DL4J's builders refuse nIn and nOut. */
    private static LayerBed ofLoss(InputType input, Supplier<Layer.Builder<?>> builder, Layer below) {
        return new LayerBed(input, builder)
                .over(below)
                .without("nIn(int)", "nOut(int)", "dataFormat(RNNFormat)")
                .indifferent("hasBias(boolean)");
    }
}
