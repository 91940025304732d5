package org.dl4jgn.curvature;

import static org.dl4jgn.testing.Failures.assertFails;
import static org.dl4jgn.testing.Networks.classes;
import static org.dl4jgn.testing.Networks.normal;
import static org.dl4jgn.testing.Networks.oneHot;
import static org.dl4jgn.testing.Tolerances.FINITE_DIFFERENCE;
import static org.dl4jgn.testing.Tolerances.ROUNDING;
import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.dl4jgn.testing.Tolerances.relativeError;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.SpaceToDepthLayer;
import org.deeplearning4j.nn.conf.layers.Subsampling3DLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.ZeroPadding1DLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.testing.Dl4j;
import org.dl4jgn.testing.FiniteDifferences;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * What a network takes is what its first layers make of it, whatever they are: no convolution has to be in front, and
 * DL4J's configuration does not say it.
 */
class InputTest {

    private static final int BATCH = 5;
    private static final int CLASSES = 3;

    private static final InputType IMAGES = InputType.convolutional(5, 4, 2);
    private static final InputType IMAGES_NHWC = InputType.convolutional(5, 4, 2, CNN2DFormat.NHWC);
    private static final InputType FLAT = InputType.convolutionalFlat(5, 4, 2);
    private static final InputType VOLUMES = volumes(Convolution3D.DataFormat.NCDHW, 4, 5, 3, 2);
    private static final InputType VOLUMES_NDHWC = volumes(Convolution3D.DataFormat.NDHWC, 4, 5, 3, 2);
    private static final long[] NCHW = {2, 5, 4};
    private static final long[] NHWC = {5, 4, 2};
    private static final long[] NCDHW = {2, 4, 5, 3};
    private static final long[] NDHWC = {4, 5, 3, 2};
    private static final long[] NCW = {2, 5};

    private static InputType volumes(Convolution3D.DataFormat format, int depth, int height, int width, int channels) {
        return InputType.convolutional3D(format, depth, height, width, channels);
    }

    /** A network of a type of input, or of none, and an example that DL4J takes. */
    record Case(String name, @Nullable InputType type, long[] example, Layer... layers) {

        MultiLayerNetwork network() {
            NeuralNetConfiguration.ListBuilder list = new NeuralNetConfiguration.Builder()
                    .dataType(DataType.DOUBLE)
                    .seed(7)
                    .updater(Sgn.builder().build())
                    .activation(Activation.TANH)
                    .list();
            Arrays.stream(layers).map(Layer::clone).forEach(list::layer);
            if (type != null) {
                list.setInputType(type);
            }
            MultiLayerNetwork net = new MultiLayerNetwork(list.build());
            net.init();
            net.setParams(normal(1, 0.4, 1, net.numParams()));
            return net;
        }

        INDArray x() {
            long[] shape = new long[example.length + 1];
            shape[0] = BATCH;
            System.arraycopy(example, 0, shape, 1, example.length);
            return normal(2, 1.0, shape);
        }

        INDArray y() {
            return oneHot(classes(3, BATCH, CLASSES), CLASSES);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static Layer dense() {
        return new DenseLayer.Builder().nOut(4).build();
    }

    private static Layer output() {
        return output(0);
    }

    private static Layer output(int inputs) {
        return new OutputLayer.Builder(LossFunction.MCXENT)
                .nIn(inputs)
                .nOut(CLASSES)
                .activation(Activation.SOFTMAX)
                .build();
    }

    private static Layer convolution() {
        return new ConvolutionLayer.Builder(2, 2).nOut(3).build();
    }

    private static Layer pool() {
        return new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.AVG, new int[] {2, 2}, new int[] {1, 1})
                .build();
    }

    private static Layer pool3d(Convolution3D.DataFormat format) {
        return new Subsampling3DLayer.Builder(
                        Subsampling3DLayer.PoolingType.AVG, new int[] {2, 2, 2}, new int[] {1, 1, 1})
                .dataFormat(format)
                .build();
    }

    private static Layer normalization() {
        return new BatchNormalization.Builder().build();
    }

    private static Layer activation() {
        return new ActivationLayer(Activation.SIGMOID);
    }

    /** Keeps all, so that DL4J's score can be compared. */
    private static Layer dropout() {
        return new DropoutLayer(new Dropout(1.0));
    }

    private static Layer global() {
        return new GlobalPoolingLayer(PoolingType.AVG);
    }

    private static Layer prelu(long... shape) {
        return new PReLULayer.Builder().inputShape(shape).build();
    }

    private static Layer paddingOfNhwc() {
        return new ZeroPaddingLayer.Builder(1, 1).dataFormat(CNN2DFormat.NHWC).build();
    }

    private static Layer cubes(Convolution3D.DataFormat format) {
        return new Convolution3D.Builder(2, 2, 2).nOut(3).dataFormat(format).build();
    }

    static Stream<Case> cases() {
        return Stream.of(
                new Case("pooling, dense", IMAGES, NCHW, pool(), dense(), output()),
                new Case("padding, dense", IMAGES, NCHW, new ZeroPaddingLayer(1, 1), dense(), output()),
                new Case("cropping, dense", IMAGES, NCHW, new Cropping2D(1, 1), dense(), output()),
                new Case("upsampling, dense", IMAGES, NCHW, new Upsampling2D.Builder(2).build(), dense(), output()),
                new Case(
                        "squares as channels, convolution",
                        IMAGES,
                        NCHW,
                        new ZeroPaddingLayer.Builder(1, 0, 0, 0).build(),
                        new SpaceToDepthLayer.Builder<>(2, CNN2DFormat.NCHW).build(),
                        convolution(),
                        output()),
                new Case("normalization, dense", IMAGES, NCHW, normalization(), dense(), output()),
                new Case("normalization, dense, NHWC", IMAGES_NHWC, NHWC, normalization(), dense(), output()),
                new Case("pooling, normalization, dense", IMAGES, NCHW, pool(), normalization(), dense(), output()),
                new Case("dense on images", IMAGES, NCHW, dense(), output()),
                new Case("dense on images, given flat", IMAGES, new long[] {40}, dense(), output()),
                new Case("dense on images, NHWC", IMAGES_NHWC, NHWC, dense(), output()),
                new Case("output on images", IMAGES, NCHW, output()),
                new Case("activation, dense", IMAGES, NCHW, activation(), dense(), output()),
                new Case("dropout, dense", IMAGES, NCHW, dropout(), dense(), output()),
                new Case("dropout, convolution", IMAGES, NCHW, dropout(), convolution(), output()),
                new Case("dropout, convolution, flat", FLAT, new long[] {40}, dropout(), convolution(), output()),
                new Case("dropout, convolution, flat given as images", FLAT, NCHW, dropout(), convolution(), output()),
                new Case("activation, pooling, flat", FLAT, new long[] {40}, activation(), pool(), dense(), output()),
                new Case("PReLU, dense", IMAGES, NCHW, prelu(2, 5, 4), dense(), output()),
                new Case("PReLU, global pooling", IMAGES, NCHW, prelu(2, 5, 4), global(), output()),
                new Case("PReLU, padding, NHWC", IMAGES_NHWC, NHWC, prelu(5, 4, 2), paddingOfNhwc(), dense(), output()),
                new Case("global pooling", IMAGES, NCHW, global(), dense(), output()),
                new Case("global pooling, NHWC", IMAGES_NHWC, NHWC, global(), dense(), output()),
                new Case("global pooling, volumes", VOLUMES, NCDHW, global(), dense(), output()),
                new Case("global pooling, sequences", InputType.recurrent(2, 5), NCW, global(), dense(), output()),
                new Case("global pooling, no type, images", null, NCHW, global(), output(2)),
                new Case("global pooling, no type, sequences", null, NCW, global(), output(2)),
                new Case(
                        "activation, global pooling, no type, volumes", null, NCDHW, activation(), global(), output(2)),
                new Case(
                        "global pooling that keeps dimensions",
                        IMAGES,
                        NCHW,
                        new GlobalPoolingLayer.Builder()
                                .collapseDimensions(false)
                                .build(),
                        dense(),
                        output()),
                new Case(
                        "padding, global pooling, sequences",
                        InputType.recurrent(2, 5),
                        NCW,
                        new ZeroPadding1DLayer(1),
                        global(),
                        output()),
                new Case("dense on volumes", VOLUMES, NCDHW, dense(), output()),
                new Case("dense on volumes, NDHWC", VOLUMES_NDHWC, NDHWC, dense(), output()),
                new Case(
                        "convolution of volumes, dense, NDHWC",
                        VOLUMES_NDHWC,
                        NDHWC,
                        cubes(Convolution3D.DataFormat.NDHWC),
                        dense(),
                        output()),
                // DL4J's preprocessor takes these for NDHWC and trains where width and channels coincide
                new Case(
                        "convolution of volumes, dense",
                        volumes(Convolution3D.DataFormat.NCDHW, 4, 4, 4, 2),
                        new long[] {2, 4, 4, 4},
                        cubes(Convolution3D.DataFormat.NCDHW),
                        dense(),
                        output()),
                new Case(
                        "pooling of volumes, dense",
                        VOLUMES,
                        NCDHW,
                        pool3d(Convolution3D.DataFormat.NCDHW),
                        dense(),
                        output()),
                new Case(
                        "images so small that dilated windows would hold padding alone are none to try",
                        InputType.convolutional(4, 4, 2),
                        new long[] {2, 4, 4},
                        new SubsamplingLayer.Builder(
                                        SubsamplingLayer.PoolingType.AVG, new int[] {2, 2}, new int[] {1, 1})
                                .convolutionMode(ConvolutionMode.Same)
                                .dilation(2, 2)
                                .build(),
                        new GlobalPoolingLayer(PoolingType.AVG),
                        output()),
                new Case(
                        "windows larger than the images",
                        InputType.convolutional(2, 5, 2),
                        new long[] {2, 2, 5},
                        new SubsamplingLayer.Builder(
                                        SubsamplingLayer.PoolingType.AVG, new int[] {3, 3}, new int[] {2, 2})
                                .build(),
                        dense(),
                        output()));
    }

    private static Layer softmaxConvolution(CNN2DFormat format) {
        return new ConvolutionLayer.Builder(2, 2)
                .nOut(3)
                .activation(Activation.SOFTMAX)
                .dataFormat(format)
                .build();
    }

    private static Layer softmax() {
        return new ActivationLayer(Activation.SOFTMAX);
    }

    private static Layer softmaxOfSequences() {
        return new Convolution1DLayer.Builder(2)
                .nOut(3)
                .activation(Activation.SOFTMAX)
                .build();
    }

    /** DL4J's softmax goes along the last dimension of its array, whatever that is. */
    static Stream<Case> softmaxes() {
        return Stream.of(
                new Case("convolution", IMAGES, NCHW, softmaxConvolution(CNN2DFormat.NCHW), output()),
                new Case("activation layer", IMAGES, NCHW, convolution(), softmax(), convolution(), output()),
                new Case("activation layer first", IMAGES, NCHW, softmax(), dense(), output()),
                new Case("activation layer first, NHWC", IMAGES_NHWC, NHWC, softmax(), dense(), output()),
                new Case("activation layer behind pooling", IMAGES, NCHW, pool(), softmax(), dense(), output()),
                new Case("activation layer on flat images", FLAT, new long[] {40}, softmax(), convolution(), output()),
                new Case("sequences", InputType.recurrent(2, 5), NCW, softmaxOfSequences(), global(), output()),
                new Case(
                        "sequences, activation layer",
                        InputType.recurrent(2, 5),
                        NCW,
                        softmax(),
                        softmaxOfSequences(),
                        global(),
                        output()),
                new Case("volumes", VOLUMES, NCDHW, softmax(), global(), output()),
                new Case(
                        "volumes, NDHWC",
                        VOLUMES_NDHWC,
                        NDHWC,
                        cubes(Convolution3D.DataFormat.NDHWC),
                        softmax(),
                        dense(),
                        output()),
                new Case(
                        "depthwise",
                        IMAGES,
                        NCHW,
                        new DepthwiseConvolution2D.Builder(2, 2)
                                .depthMultiplier(2)
                                .activation(Activation.SOFTMAX)
                                .build(),
                        output()),
                new Case(
                        "separable",
                        IMAGES,
                        NCHW,
                        new SeparableConvolution2D.Builder(2, 2)
                                .nOut(3)
                                .activation(Activation.SOFTMAX)
                                .build(),
                        output()),
                new Case(
                        "transposed",
                        IMAGES,
                        NCHW,
                        new Deconvolution2D.Builder(2, 2)
                                .nOut(3)
                                .activation(Activation.SOFTMAX)
                                .build(),
                        output()));
    }

    /** In an NHWC convolution, DL4J's derivative goes along another dimension than its softmax. */
    @Test
    void softmaxOfAnNhwcConvolutionHasDl4jsScoreAndItsDerivative() {
        Case of = new Case("", IMAGES_NHWC, NHWC, softmaxConvolution(CNN2DFormat.NHWC), output());
        MultiLayerNetwork net = of.network();
        try (Linearization at = GaussNewton.linearize(net).at(of.x(), of.y())) {
            Dl4j dl4j = Dl4j.of(net, of.x(), of.y(), null);
            assertClose(dl4j.score(), at.loss(), ROUNDING, "loss");
            INDArray v = normal(4, 1.0, net.numParams());
            double derivative = FiniteDifferences.along(net, v, () -> net.score(new DataSet(of.x(), of.y()), true));
            assertClose(derivative, at.gradient().mul(v).sumNumber().doubleValue(), FINITE_DIFFERENCE, "⟨g, v⟩");
            assertTrue(relativeError(at.gradient(), dl4j.gradient()) > 0.1, "DL4J's gradient is right by now");
        }
    }

    @ParameterizedTest
    @MethodSource({"cases", "softmaxes"})
    void lossAndGradientAreDl4js(Case of) {
        MultiLayerNetwork net = of.network();
        Dl4j expected = Dl4j.of(net, of.x(), of.y(), null);
        try (Linearization at = GaussNewton.linearize(net).at(of.x(), of.y())) {
            assertClose(expected.score(), at.loss(), ROUNDING, "loss");
            assertClose(Dl4j.withoutStatistics(net, expected.gradient()), at.gradient(), ROUNDING, "gradient");
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void trains(Case of) {
        MultiLayerNetwork net = GaussNewton.attach(of.network());
        net.fit(of.x(), of.y());
        double before = net.score();
        net.fit(of.x(), of.y());
        assertEquals(2, net.getIterationCount());
        assertTrue(net.score() < before, net.score() + " < " + before);
    }

    @Test
    void aBatchOfAnotherShapeIsRefusedInWords() {
        MultiLayerNetwork dense = GaussNewton.attach(new Case("", IMAGES, NCHW, dense(), output()).network());
        assertFails(
                IllegalArgumentException.class,
                () -> dense.fit(normal(2, 1.0, BATCH, 2, 6, 4), oneHot(classes(3, BATCH, CLASSES), CLASSES)),
                "Features must have shape [batch, 2, 5, 4] or [batch, 40], got [5, 2, 6, 4]");
        MultiLayerNetwork pooled = GaussNewton.attach(new Case("", IMAGES, NCHW, pool(), dense(), output()).network());
        assertFails(
                IllegalArgumentException.class,
                () -> pooled.fit(normal(2, 1.0, BATCH, 2, 6, 4), oneHot(classes(3, BATCH, CLASSES), CLASSES)),
                "Layer 1 (DenseLayer)",
                "[4, 3]",
                "[5, 3]");
        MultiLayerNetwork global = GaussNewton.attach(new Case("", null, NCHW, global(), output(2)).network());
        assertFails(
                IllegalArgumentException.class,
                () -> global.fit(normal(2, 1.0, BATCH, 3, 6, 4), oneHot(classes(3, BATCH, CLASSES), CLASSES)),
                "Features must have shape [batch, 2, any] or [batch, 2, any, any] or [batch, 2, any, any, any]");
    }

    // ---- values
    // -------------------------------------------------------------------------------------------------------

    @Test
    void aClassIndexOutOfRangeChangesNothing() {
        MultiLayerNetwork net = new Case(
                        "",
                        null,
                        new long[] {1},
                        new EmbeddingLayer.Builder().nIn(5).nOut(4).build(),
                        output(4))
                .network();
        INDArray y = oneHot(classes(3, BATCH, CLASSES), CLASSES);
        INDArray indices = classes(2, BATCH, 5);
        try (Linearization at = GaussNewton.linearize(net).at(indices, y)) {
            double loss = at.loss();
            INDArray z = at.preOutput();
            INDArray v = normal(4, 1.0, net.numParams());
            INDArray hv = at.ggnVectorProduct(v);
            for (double wrong : new double[] {5, -1, 1.5}) {
                assertFails(
                        IllegalArgumentException.class,
                        () -> at.at(indices.dup().putScalar(3, wrong), oneHot(classes(9, BATCH, CLASSES), CLASSES)),
                        "Features of an embedding must hold class indices from 0 to 4, got " + wrong
                                + " in row 3 of the batch");
                assertEquals(loss, at.loss());
                assertEquals(z, at.preOutput());
                assertEquals(hv, at.ggnVectorProduct(v));
            }
        }
    }
}
