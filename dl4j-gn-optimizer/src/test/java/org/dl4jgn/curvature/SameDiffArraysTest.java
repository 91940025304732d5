package org.dl4jgn.curvature;

import static org.dl4jgn.testing.Networks.normal;
import static org.dl4jgn.testing.Tolerances.DOUBLE;
import static org.dl4jgn.testing.Tolerances.FINITE_DIFFERENCE;
import static org.dl4jgn.testing.Tolerances.ROUNDING;
import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.CapsuleLayer;
import org.deeplearning4j.nn.conf.layers.CapsuleStrengthLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LocallyConnected1D;
import org.deeplearning4j.nn.conf.layers.LocallyConnected2D;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.PrimaryCapsules;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.conf.Egn;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.testing.Dl4j;
import org.dl4jgn.testing.Failures;
import org.dl4jgn.testing.FiniteDifferences;
import org.dl4jgn.testing.Networks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** DL4J's layers of SameDiff operations on images and sequences: locally connected ones, capsules. */
class SameDiffArraysTest {

    private static final int B = 4;
    private static final int C = 3;

    private static OutputLayer output() {
        return new OutputLayer.Builder(LossFunction.MCXENT)
                .nOut(C)
                .activation(Activation.SOFTMAX)
                .build();
    }

    private static LocallyConnected2D.Builder local(int kernel) {
        return new LocallyConnected2D.Builder().nOut(2).kernelSize(kernel, kernel);
    }

    private record Case(String name, InputType input, Layer... layers) {

        MultiLayerNetwork network(IUpdater updater) {
            NeuralNetConfiguration.ListBuilder list = new NeuralNetConfiguration.Builder()
                    .dataType(DataType.DOUBLE)
                    .seed(5)
                    .updater(updater)
                    .list();
            for (Layer layer : layers) {
                list.layer(layer.clone());
            }
            MultiLayerNetwork net =
                    new MultiLayerNetwork(list.setInputType(input).build());
            net.init();
            net.setParams(normal(1, 0.5, 1, net.numParams()));
            return net;
        }

        DataSet batch() {
            long[] shape = input.getShape(true);
            shape[0] = B;
            INDArray labels = Nd4j.zeros(DataType.DOUBLE, B, C);
            for (int i = 0; i < B; i++) {
                labels.putScalar(i, i % C, 1.0);
            }
            return new DataSet(normal(2, 1.0, shape), labels);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> cases() {
        InputType image = InputType.convolutional(5, 4, 2);
        InputType channelsLast = InputType.convolutional(5, 4, 2, CNN2DFormat.NHWC);
        InputType sequence = InputType.recurrent(2, 6);
        return Stream.of(
                new Case("locally connected, first", image, local(2).build(), output()),
                new Case(
                        "locally connected, same, stride 2",
                        image,
                        new ConvolutionLayer.Builder(2, 2)
                                .nOut(3)
                                .activation(Activation.TANH)
                                .build(),
                        local(2).convolutionMode(ConvolutionMode.Same)
                                .stride(2, 2)
                                .build(),
                        output()),
                new Case(
                        "locally connected, padded, no bias",
                        image,
                        local(3).convolutionMode(ConvolutionMode.Truncate)
                                .padding(1, 1)
                                .hasBias(false)
                                .build(),
                        new GlobalPoolingLayer(PoolingType.AVG),
                        output()),
                new Case(
                        "locally connected, channels last",
                        channelsLast,
                        local(2).convolutionMode(ConvolutionMode.Truncate).build(),
                        new GlobalPoolingLayer.Builder(PoolingType.MAX)
                                .poolingDimensions(1, 2)
                                .build(),
                        output()),
                new Case(
                        "locally connected sequences",
                        sequence,
                        new LocallyConnected1D.Builder()
                                .nOut(3)
                                .kernelSize(2)
                                .stride(2)
                                .convolutionMode(ConvolutionMode.Truncate)
                                .activation(Activation.SIGMOID)
                                .build(),
                        new GlobalPoolingLayer(PoolingType.SUM),
                        output()),
                capsules("capsules", false, 3),
                capsules("capsules with biases, one routing", true, 1),
                new Case(
                        "capsules, first",
                        InputType.recurrent(6, 4),
                        new CapsuleLayer.Builder(C, 4).build(),
                        new CapsuleStrengthLayer.Builder().build(),
                        output()),
                new Case(
                        "lengths of capsules, first",
                        InputType.recurrent(6, 4),
                        new CapsuleStrengthLayer.Builder().build(),
                        output()));
    }

    private static Case capsules(String name, boolean bias, int routings) {
        return new Case(
                name,
                InputType.convolutional(6, 6, 1),
                new ConvolutionLayer.Builder(2, 2)
                        .nOut(2)
                        .activation(Activation.TANH)
                        .build(),
                new PrimaryCapsules.Builder(3, 2)
                        .kernelSize(3, 3)
                        .stride(2, 2)
                        .hasBias(bias)
                        .build(),
                new CapsuleLayer.Builder(C, 4, routings).hasBias(bias).build(),
                new CapsuleStrengthLayer.Builder().build(),
                new ActivationLayer.Builder().activation(Activation.SOFTMAX).build(),
                new LossLayer.Builder(LossFunction.NEGATIVELOGLIKELIHOOD)
                        .activation(Activation.IDENTITY)
                        .build());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void lossAndGradientAreThoseOfDl4j(Case given) {
        MultiLayerNetwork net = given.network(new Sgd(0.1));
        DataSet batch = given.batch();
        Dl4j expected = Dl4j.inDouble(() -> Dl4j.of(net, batch.getFeatures(), batch.getLabels(), null));
        try (Linearization at = GaussNewton.linearize(net).at(batch)) {
            assertClose(expected.score(), at.loss(), DOUBLE, "loss");
            assertClose(expected.gradientOfScore(net), at.gradient(), DOUBLE, "gradient");
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void productsAreDerivativesAndTransposes(Case given) {
        MultiLayerNetwork net = given.network(new Sgd(0.1));
        DataSet batch = given.batch();
        INDArray v = normal(5, 1.0, net.numParams());
        try (Linearization at = GaussNewton.linearize(net).at(batch)) {
            INDArray jv = at.jvp(v);
            INDArray u = normal(7, 1.0, jv.shape());
            assertClose(u.mul(jv).sumNumber().doubleValue(), dot(at.vjp(u), v), ROUNDING, "⟨u, Jv⟩");
            assertTrue(dot(at.ggnVectorProduct(v), v) > 0);
            assertClose(FiniteDifferences.along(net, v, () -> at.at(batch).preOutput()), jv, FINITE_DIFFERENCE, "Jv");
        }
    }

    private static double dot(INDArray a, INDArray b) {
        return a.mul(b).sumNumber().doubleValue();
    }

    @Test
    void capsulesAreTrained() {
        train(capsules("capsules", true, 2), Sgn.builder().build(), 0.6); // lengths of at most 1: 0.55 of log 3
    }

    @Test
    void locallyConnectedLayersAreTrained() {
        train(cases().findFirst().orElseThrow(), Egn.builder().build(), 0.1);
    }

    private static void train(Case given, IUpdater updater, double share) {
        MultiLayerNetwork net = GaussNewton.attach(given.network(updater));
        DataSet batch = given.batch();
        double before = net.score(batch);
        for (int i = 0; i < 20; i++) {
            net.fit(batch);
        }
        double after = net.score(batch);
        assertTrue(after < share * before, () -> before + " to " + after);
    }

    @Test
    void imagesOfAnotherSizeAreRefused() {
        MultiLayerNetwork net = cases().findFirst().orElseThrow().network(new Sgd(0.1));
        try (Linearization at = GaussNewton.linearize(net)) {
            Failures.assertFails(
                    IllegalArgumentException.class,
                    () -> at.at(normal(2, 1.0, B, 2, 6, 4), Networks.bits(4, B, C)),
                    "[batch, 2, 5, 4]");
            DataSet batch = cases().findFirst().orElseThrow().batch();
            assertTrue(Double.isFinite(at.at(batch).loss()));
            assertTrue(Double.isFinite(net.score(batch)), "the network's own settings are as they were");
        }
    }
}
