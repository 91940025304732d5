package org.dl4jgn.curvature;

import static org.dl4jgn.testing.Failures.assertFails;
import static org.dl4jgn.testing.Networks.normal;
import static org.dl4jgn.testing.Networks.uniform;
import static org.dl4jgn.testing.Tolerances.FINITE_DIFFERENCE;
import static org.dl4jgn.testing.Tolerances.ROUNDING;
import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Cnn3DLossLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.conf.Egn;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.testing.Dl4j;
import org.dl4jgn.testing.FiniteDifferences;
import org.dl4jgn.testing.Networks;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMAE;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** A loss at each position of images and volumes: segmentation. */
class PositionLossTest {

    private static final int B = 3;
    private static final int C = 2;

    private static MultiLayerNetwork images(
            CNN2DFormat format, Activation activation, ILossFunction loss, IUpdater updater) {
        MultiLayerNetwork net = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .seed(5)
                .updater(updater)
                .list()
                .layer(new ConvolutionLayer.Builder(2, 2)
                        .nOut(3)
                        .activation(Activation.TANH)
                        .dataFormat(format)
                        .build())
                .layer(new ConvolutionLayer.Builder(1, 1)
                        .nOut(C)
                        .activation(Activation.IDENTITY)
                        .dataFormat(format)
                        .build())
                .layer(new CnnLossLayer.Builder(loss)
                        .activation(activation)
                        .format(format)
                        .build())
                .setInputType(InputType.convolutional(4, 5, 1, format))
                .build());
        net.init();
        return net;
    }

    private static INDArray features(CNN2DFormat format) {
        return format == CNN2DFormat.NCHW ? normal(2, 1.0, B, 1, 4, 5) : normal(2, 1.0, B, 4, 5, 1);
    }

    /** One class for each position, channels first. */
    private static INDArray labels() {
        INDArray first = Networks.bits(4, B, 1, 3, 4);
        return Nd4j.concat(1, first, first.rsub(1));
    }

    static Stream<Arguments> losses() {
        return Stream.of(
                Arguments.of(CNN2DFormat.NCHW, Activation.SOFTMAX, new LossMCXENT()),
                Arguments.of(CNN2DFormat.NCHW, Activation.SIGMOID, new LossBinaryXENT()),
                Arguments.of(CNN2DFormat.NCHW, Activation.IDENTITY, new LossMAE()),
                Arguments.of(CNN2DFormat.NHWC, Activation.IDENTITY, new LossMSE()));
    }

    private static List<@Nullable INDArray> masks() {
        INDArray examples = Nd4j.createFromArray(new double[][] {{1}, {0}, {1}});
        List<@Nullable INDArray> masks = new java.util.ArrayList<>();
        masks.add(null);
        masks.add(examples);
        masks.add(Networks.bits(9, B, 1, 3, 4));
        return masks;
    }

    @ParameterizedTest
    @MethodSource("losses")
    void scoreGradientAndProductsAreDl4js(CNN2DFormat format, Activation activation, ILossFunction loss) {
        MultiLayerNetwork net = images(format, activation, loss, new Sgd(0.1));
        INDArray x = features(format);
        INDArray y = format == CNN2DFormat.NCHW
                ? labels()
                : labels().permute(0, 2, 3, 1).dup('c');
        INDArray v = normal(4, 1.0, net.numParams());
        for (INDArray mask : format == CNN2DFormat.NCHW ? masks() : masks().subList(0, 1)) {
            Dl4j expected = Dl4j.of(net, x, y, mask);
            try (Linearization at = GaussNewton.linearize(net)) {
                INDArray gradient = at.at(x, y, mask).gradient();
                if (format == CNN2DFormat.NCHW) {
                    // else DL4J's score, not its gradient, takes the rows of an image for its channels
                    assertClose(expected.score(), at.loss(), ROUNDING, "loss");
                }
                assertClose(expected.gradient(), gradient, ROUNDING, "gradient");
                INDArray w = v.add(gradient);
                double slope =
                        FiniteDifferences.along(net, w, () -> at.at(x, y, mask).loss());
                assertClose(slope, gradient.mul(w).sumNumber().doubleValue(), FINITE_DIFFERENCE, "⟨g, v⟩");
                assertTrue(
                        at.at(x, y, mask).ggnVectorProduct(v).mul(v).sumNumber().doubleValue() > 0);
            }
        }
    }

    @Test
    void aSegmentationIsLearned() {
        for (IUpdater updater : List.of(Sgn.builder().build(), Egn.builder().build())) {
            MultiLayerNetwork net =
                    GaussNewton.attach(images(CNN2DFormat.NCHW, Activation.SOFTMAX, new LossMCXENT(), updater));
            INDArray x = features(CNN2DFormat.NCHW);
            INDArray isBright = x.get(
                            NDArrayIndex.all(),
                            NDArrayIndex.all(),
                            NDArrayIndex.interval(0, 3),
                            NDArrayIndex.interval(0, 4))
                    .gt(0)
                    .castTo(DataType.DOUBLE);
            DataSet data = new DataSet(x, Nd4j.concat(1, isBright, isBright.rsub(1)));
            double before = net.score(data);
            for (int i = 0; i < 30; i++) {
                net.fit(data);
            }
            assertTrue(net.score(data) < 0.5 * before, () -> before + " to " + net.score(data));
        }
    }

    @Test
    void labelsOfAnotherShapeAreRefused() {
        MultiLayerNetwork net = images(CNN2DFormat.NCHW, Activation.IDENTITY, new LossMSE(), new Sgd(0.1));
        try (Linearization at = GaussNewton.linearize(net)) {
            assertFails(
                    IllegalArgumentException.class,
                    () -> at.at(features(CNN2DFormat.NCHW), normal(3, 1.0, B, C, 4, 5)),
                    "[3, 2, 3, 4]");
        }
    }

    @Test
    void volumesHaveALossAtEachPosition() {
        MultiLayerNetwork net = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .seed(5)
                .updater(new Sgd(0.1))
                .list()
                .layer(new Convolution3D.Builder(2, 2, 2)
                        .nOut(C)
                        .activation(Activation.TANH)
                        .dataFormat(Convolution3D.DataFormat.NCDHW)
                        .build())
                .layer(new Cnn3DLossLayer.Builder(Convolution3D.DataFormat.NCDHW)
                        .lossFunction(new LossMSE())
                        .activation(Activation.SIGMOID)
                        .build())
                .setInputType(InputType.convolutional3D(Convolution3D.DataFormat.NCDHW, 3, 4, 3, 1))
                .build());
        net.init();
        INDArray x = normal(2, 1.0, B, 1, 3, 4, 3);
        INDArray y = uniform(3, 0, 1, B, C, 2, 3, 2);
        Dl4j expected = Dl4j.of(net, x, y, null);
        try (Linearization at = GaussNewton.linearize(net).at(x, y)) {
            assertClose(expected.score(), at.loss(), ROUNDING, "loss");
            assertClose(expected.gradient(), at.gradient(), ROUNDING, "gradient");
        }
    }
}
