package org.dl4jgn.curvature;

import static org.dl4jgn.testing.Failures.assertFails;
import static org.dl4jgn.testing.Networks.normal;
import static org.dl4jgn.testing.Tolerances.DOUBLE;
import static org.dl4jgn.testing.Tolerances.FINITE_DIFFERENCE;
import static org.dl4jgn.testing.Tolerances.ROUNDING;
import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.objdetect.Yolo2OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.conf.Egn;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.testing.Dl4j;
import org.dl4jgn.testing.FiniteDifferences;
import org.dl4jgn.testing.Networks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossL2;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** {@code Yolo2OutputLayer}: value and gradient are DL4J's, the curvature is that of squared errors. */
class Yolo2Test {

    private static final int B = 3;
    private static final int C = 2;
    private static final int H = 3;
    private static final int W = 4;
    private static final double NO_OBJECT = 0.4;
    private static final INDArray PRIORS =
            Nd4j.createFromArray(new double[][] {{1.0, 1.5}, {2.0, 0.7}}).castTo(DataType.DOUBLE);

    private static MultiLayerNetwork network(CNN2DFormat format, ILossFunction classes, IUpdater updater) {
        MultiLayerNetwork net = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .seed(5)
                .updater(updater)
                .list()
                .layer(new ConvolutionLayer.Builder(2, 2)
                        .nOut(4)
                        .activation(Activation.TANH)
                        .dataFormat(format)
                        .build())
                .layer(new ConvolutionLayer.Builder(1, 1)
                        .nOut(2 * (5 + C))
                        .activation(Activation.IDENTITY)
                        .dataFormat(format)
                        .build())
                .layer(new Yolo2OutputLayer.Builder()
                        .boundingBoxPriors(PRIORS.dup())
                        .lambdaCoord(3)
                        .lambdaNoObj(NO_OBJECT)
                        .lossClassPredictions(classes)
                        .build())
                .setInputType(InputType.convolutional(H + 1, W + 1, 1, format))
                .build());
        net.init();
        net.setParams(normal(1, 0.6, 1, net.numParams()));
        return net;
    }

    private static INDArray arranged(CNN2DFormat format, INDArray channelsFirst) {
        return format == CNN2DFormat.NCHW
                ? channelsFirst
                : channelsFirst.permute(0, 2, 3, 1).dup('c');
    }

    private static INDArray features() {
        return normal(2, 1.0, B, 1, H + 1, W + 1);
    }

    /** An object in some cells, its center within the cell. */
    private static INDArray labels() {
        INDArray labels = Nd4j.zeros(DataType.DOUBLE, B, 4 + C, H, W);
        Random random = new Random(8);
        for (int i = 0; i < B; i++) {
            for (int y = 0; y < H; y++) {
                for (int x = 0; x < W; x++) {
                    if (random.nextDouble() < 0.5) {
                        double[] middle = {x + random.nextDouble(), y + random.nextDouble()};
                        for (int d = 0; d < 2; d++) {
                            double half = 0.3 + 0.8 * random.nextDouble();
                            labels.putScalar(new int[] {i, d, y, x}, middle[d] - half);
                            labels.putScalar(new int[] {i, d + 2, y, x}, middle[d] + half);
                        }
                        labels.putScalar(new int[] {i, 4 + random.nextInt(C), y, x}, 1.0);
                    }
                }
            }
        }
        return labels;
    }

    static Stream<Arguments> cases() {
        return Stream.of(
                Arguments.of(CNN2DFormat.NCHW, new LossL2()),
                Arguments.of(CNN2DFormat.NCHW, new LossMCXENT()),
                Arguments.of(CNN2DFormat.NHWC, new LossL2()));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void scoreGradientAndProducts(CNN2DFormat format, ILossFunction classes) {
        MultiLayerNetwork net = network(format, classes, new Sgd(0.1));
        INDArray x = arranged(format, features());
        INDArray y = arranged(format, labels());
        Dl4j expected = Dl4j.of(net, x, y, null);
        INDArray v = normal(4, 1.0, net.numParams());
        INDArray w = normal(5, 1.0, net.numParams());
        try (Linearization at = GaussNewton.linearize(net).at(x, y)) {
            assertClose(expected.score(), at.loss(), DOUBLE, "loss");
            assertClose(expected.gradient(), at.gradient(), DOUBLE, "gradient");
            INDArray hv = at.ggnVectorProduct(v);
            assertClose(dot(w, hv), dot(v, at.ggnVectorProduct(w)), ROUNDING, "⟨w, Hv⟩");
            assertTrue(dot(v, hv) > 0);
            double slope = dot(at.gradient(), v);
            assertClose(slope, FiniteDifferences.along(net, v, () -> at.at(x, y).loss()), FINITE_DIFFERENCE, "⟨g, v⟩");
        }
    }

    private static double dot(INDArray a, INDArray b) {
        return a.reshape(a.length()).mul(b.reshape(b.length())).sumNumber().doubleValue();
    }

    /** Without objects the loss is λΣσ(t)² over the confidences t, and its curvature 2λσ′(t)². */
    @Test
    void curvatureOfConfidencesIsThatOfSquares() {
        MultiLayerNetwork net = network(CNN2DFormat.NCHW, new LossL2(), new Sgd(0.1));
        INDArray v = normal(4, 1.0, net.numParams());
        INDArray none = Nd4j.zeros(DataType.DOUBLE, B, 4 + C, H, W);
        try (Linearization at = GaussNewton.linearize(net).at(features(), none)) {
            INDArray jv = at.jvp(v).dup();
            INDArray z = at.preOutput().dup();
            double expected = 0;
            for (int i = 0; i < B; i++) {
                for (int box = 0; box < 2; box++) {
                    for (int cell = 0; cell < H * W; cell++) {
                        int[] place = {i, box * (5 + C) + 4, cell / W, cell % W};
                        double s = 1 / (1 + Math.exp(-z.getDouble(place)));
                        expected += 2 * NO_OBJECT * Math.pow(s * (1 - s) * jv.getDouble(place), 2) / B;
                    }
                }
            }
            assertClose(expected, dot(v, at.ggnVectorProduct(v)), ROUNDING, "⟨v, Hv⟩");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void bothOptimizersTrain(boolean exact) {
        IUpdater updater = exact ? Egn.builder().build() : Sgn.builder().build();
        MultiLayerNetwork net = GaussNewton.attach(network(CNN2DFormat.NCHW, new LossMCXENT(), updater));
        DataSet data = new DataSet(features(), labels());
        double before = net.score(data);
        for (int i = 0; i < 25; i++) {
            net.fit(data);
        }
        assertTrue(net.score(data) < 0.6 * before, () -> before + " to " + net.score(data));
    }

    @Test
    void masksAndLabelsOfAnotherShapeAreRefused() {
        MultiLayerNetwork net = network(CNN2DFormat.NCHW, new LossL2(), new Sgd(0.1));
        try (Linearization at = GaussNewton.linearize(net)) {
            assertFails(
                    IllegalArgumentException.class,
                    () -> at.at(features(), normal(3, 1.0, B, 14, H, W)),
                    "[3, 6, 3, 4]");
            assertFails(
                    IllegalArgumentException.class,
                    () -> at.at(features(), labels(), Networks.bits(9, B, 1, H, W)),
                    "mask of the labels of Yolo2OutputLayer");
        }
    }
}
