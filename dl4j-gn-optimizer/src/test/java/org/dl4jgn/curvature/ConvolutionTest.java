package org.dl4jgn.curvature;

import static org.dl4jgn.testing.Networks.classes;
import static org.dl4jgn.testing.Networks.normal;
import static org.dl4jgn.testing.Networks.oneHot;
import static org.dl4jgn.testing.Tolerances.DOUBLE;
import static org.dl4jgn.testing.Tolerances.FINITE_DIFFERENCE;
import static org.dl4jgn.testing.Tolerances.FLOAT;
import static org.dl4jgn.testing.Tolerances.ROUNDING;
import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
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
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.SpaceToDepthLayer;
import org.deeplearning4j.nn.conf.layers.Subsampling1DLayer;
import org.deeplearning4j.nn.conf.layers.Subsampling3DLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer.PoolingType;
import org.deeplearning4j.nn.conf.layers.Upsampling1D;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.Upsampling3D;
import org.deeplearning4j.nn.conf.layers.ZeroPadding1DLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPadding3DLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping1D;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping3D;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.ComposableInputPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.problem.DampedSystem;
import org.dl4jgn.problem.RowSpace;
import org.dl4jgn.testing.Dl4j;
import org.dl4jgn.testing.FiniteDifferences;
import org.dl4jgn.testing.PosedNetwork;
import org.dl4jgn.testing.Systems;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Layers on images, in each format and with each kind of border: loss and gradient of DL4J, and true derivatives. */
class ConvolutionTest {

    private static final int BATCH = 3;
    private static final int CLASSES = 3;

    /** Layers between images and a softmax. */
    record Images(String name, InputType type, long[] features, Layer... layers) {

        MultiLayerNetwork network(DataType type) {
            NeuralNetConfiguration.ListBuilder list = new NeuralNetConfiguration.Builder()
                    .dataType(type)
                    .seed(7)
                    .updater(new Sgd(0.1))
                    .activation(Activation.TANH)
                    .list();
            Arrays.stream(layers).map(Layer::clone).forEach(list::layer);
            list.layer(new OutputLayer.Builder(LossFunction.MCXENT)
                    .nOut(CLASSES)
                    .activation(Activation.SOFTMAX)
                    .build());
            MultiLayerNetwork net =
                    new MultiLayerNetwork(list.setInputType(this.type).build());
            net.init();
            net.setParams(normal(1, 0.4, 1, net.numParams()).castTo(type));
            return net;
        }

        /**
         * The gradient of DL4J's local response normalization is up to a percent off; that of batch normalization with γ locked
         * and β at its default has the γ that its forward pass leaves out. Its score is right.
         */
        boolean isWrongInDl4j() {
            return Arrays.stream(layers)
                    .anyMatch(layer -> layer instanceof LocalResponseNormalization
                            || layer instanceof BatchNormalization normalization
                                    && normalization.isLockGammaBeta()
                                    && normalization.getGamma() != 1
                                    && normalization.getBeta() == 0);
        }

        /** What DL4J has for a gradient of running statistics is their change; a gradient is zero there. */
        INDArray withoutStatistics(INDArray gradient) {
            INDArray result = gradient.dup();
            Map<String, INDArray> parameters = network(DataType.DOUBLE).paramTable();
            long from = 0;
            for (Map.Entry<String, INDArray> entry : parameters.entrySet()) {
                long length = entry.getValue().length();
                if (List.of("mean", "var", "log10stdev")
                        .contains(entry.getKey().substring(entry.getKey().indexOf('_') + 1))) {
                    result.get(NDArrayIndex.interval(from, from + length)).assign(0.0);
                }
                from += length;
            }
            return result;
        }

        INDArray x() {
            long[] shape = new long[features.length + 1];
            shape[0] = BATCH;
            System.arraycopy(features, 0, shape, 1, features.length);
            return layers[0] instanceof EmbeddingLayer embedding
                    ? classes(2, BATCH, (int) embedding.getNIn())
                    : normal(2, 1.0, shape);
        }

        INDArray y() {
            return oneHot(classes(3, BATCH, CLASSES), CLASSES);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static Images nchw(String name, int height, int width, int channels, Layer... layers) {
        return new Images(
                name, InputType.convolutional(height, width, channels), new long[] {channels, height, width}, layers);
    }

    private static Images nhwc(String name, int height, int width, int channels, Layer... layers) {
        return new Images(
                name + ", NHWC",
                InputType.convolutional(height, width, channels, CNN2DFormat.NHWC),
                new long[] {height, width, channels},
                layers);
    }

    private static ConvolutionLayer.Builder conv(int out, int... kernel) {
        return new ConvolutionLayer.Builder(kernel).nOut(out);
    }

    private static SubsamplingLayer.Builder pool(PoolingType type, int... kernel) {
        return new SubsamplingLayer.Builder(type).kernelSize(kernel).stride(kernel);
    }

    private static Layer dense(int out) {
        return new DenseLayer.Builder().nOut(out).build();
    }

    private static Stream<Images> inBothFormats(String name, int height, int width, int channels, Layer... layers) {
        return Stream.of(nchw(name, height, width, channels, layers), nhwc(name, height, width, channels, layers));
    }

    static Stream<Images> networks() {
        return Stream.of(
                        inBothFormats("convolution", 5, 4, 2, conv(3, 3, 2).build()),
                        inBothFormats("one by one", 3, 4, 2, conv(3, 1, 1).build()),
                        inBothFormats("whole image", 3, 4, 2, conv(3, 3, 4).build()),
                        inBothFormats(
                                "stride", 7, 8, 2, conv(3, 3, 2).stride(2, 3).build()),
                        inBothFormats(
                                "padding", 4, 5, 2, conv(3, 3, 2).padding(2, 1).build()),
                        inBothFormats(
                                "same",
                                4,
                                5,
                                2,
                                conv(3, 3, 2)
                                        .convolutionMode(ConvolutionMode.Same)
                                        .build()),
                        inBothFormats(
                                "same with stride",
                                5,
                                6,
                                2,
                                conv(3, 3, 4)
                                        .convolutionMode(ConvolutionMode.Same)
                                        .stride(2, 3)
                                        .build()),
                        inBothFormats(
                                "strict",
                                6,
                                7,
                                2,
                                conv(3, 2, 3)
                                        .convolutionMode(ConvolutionMode.Strict)
                                        .stride(2, 2)
                                        .build()),
                        inBothFormats(
                                "dilation",
                                7,
                                6,
                                2,
                                conv(3, 3, 2).dilation(2, 3).build()),
                        inBothFormats(
                                "dilation and padding",
                                5,
                                6,
                                2,
                                conv(3, 3, 2)
                                        .dilation(2, 2)
                                        .padding(1, 2)
                                        .stride(1, 2)
                                        .build()),
                        inBothFormats(
                                "no bias", 4, 4, 2, conv(3, 2, 2).hasBias(false).build()),
                        inBothFormats(
                                "max pooling",
                                6,
                                4,
                                2,
                                conv(3, 1, 1).build(),
                                pool(PoolingType.MAX, 2, 2).build()),
                        inBothFormats(
                                "overlapping max pooling",
                                5,
                                6,
                                2,
                                conv(3, 2, 1).build(),
                                pool(PoolingType.MAX, 3, 2).stride(1, 1).build()),
                        inBothFormats(
                                "padded max pooling",
                                5,
                                6,
                                2,
                                conv(3, 2, 1).build(),
                                pool(PoolingType.MAX, 3, 2).padding(1, 1).build()),
                        inBothFormats(
                                "same max pooling",
                                5,
                                7,
                                2,
                                conv(3, 2, 2).build(),
                                pool(PoolingType.MAX, 3, 2)
                                        .convolutionMode(ConvolutionMode.Same)
                                        .build()),
                        inBothFormats(
                                "average pooling",
                                6,
                                4,
                                2,
                                conv(3, 1, 1).build(),
                                pool(PoolingType.AVG, 2, 2).build()),
                        inBothFormats(
                                "overlapping average pooling",
                                5,
                                6,
                                2,
                                conv(3, 2, 1).build(),
                                pool(PoolingType.AVG, 3, 2).stride(1, 1).build()),
                        inBothFormats(
                                "same average pooling",
                                5,
                                7,
                                2,
                                conv(3, 2, 2).build(),
                                pool(PoolingType.AVG, 3, 2)
                                        .convolutionMode(ConvolutionMode.Same)
                                        .build()),
                        inBothFormats(
                                "padded average pooling",
                                5,
                                7,
                                2,
                                conv(3, 2, 2).build(),
                                pool(PoolingType.AVG, 3, 2).padding(1, 1).build()),
                        inBothFormats(
                                "average pooling over the padding",
                                5,
                                7,
                                2,
                                conv(3, 2, 2).build(),
                                pool(PoolingType.AVG, 3, 2)
                                        .padding(1, 1)
                                        .avgPoolIncludePadInDivisor(true)
                                        .build()),
                        inBothFormats(
                                "2-norm pooling",
                                6,
                                4,
                                2,
                                conv(3, 1, 1).build(),
                                pool(PoolingType.PNORM, 2, 2).pnorm(2).build()),
                        inBothFormats(
                                "3-norm pooling",
                                5,
                                6,
                                2,
                                conv(3, 2, 1).build(),
                                pool(PoolingType.PNORM, 3, 2)
                                        .pnorm(3)
                                        .stride(1, 1)
                                        .build()),
                        inBothFormats(
                                "activation layers",
                                4,
                                4,
                                2,
                                new ActivationLayer(Activation.SOFTPLUS),
                                conv(3, 2, 2).activation(Activation.IDENTITY).build(),
                                new ActivationLayer(Activation.SIGMOID)),
                        inBothFormats(
                                "stacked",
                                9,
                                8,
                                2,
                                conv(3, 2, 3).build(),
                                pool(PoolingType.AVG, 2, 1).build(),
                                conv(4, 2, 2)
                                        .padding(1, 1)
                                        .activation(Activation.SIGMOID)
                                        .build(),
                                pool(PoolingType.MAX, 2, 2).build(),
                                conv(3, 2, 1).build(),
                                dense(4)))
                .flatMap(s -> s);
    }

    static Stream<Images> flat() {
        return Stream.of(
                new Images(
                        "flat",
                        InputType.convolutionalFlat(5, 4, 2),
                        new long[] {40},
                        conv(3, 3, 2).build(),
                        dense(4)),
                new Images(
                        "image for a flat input",
                        InputType.convolutionalFlat(5, 4, 2),
                        new long[] {2, 5, 4},
                        conv(3, 3, 2).build(),
                        dense(4)),
                new Images(
                        "embedding",
                        InputType.feedForward(7),
                        new long[] {1},
                        new EmbeddingLayer.Builder()
                                .nIn(7)
                                .nOut(5)
                                .hasBias(true)
                                .activation(Activation.TANH)
                                .build(),
                        dense(4)),
                new Images("dense first", InputType.feedForward(12), new long[] {12}, dense(5), dense(4)));
    }

    private static Layer global(PoolingType type) {
        return new GlobalPoolingLayer.Builder(org.deeplearning4j.nn.conf.layers.PoolingType.valueOf(type.name()))
                .pnorm(3)
                .build();
    }

    private static Layer prelu(long... inputShape) {
        return new PReLULayer.Builder().inputShape(inputShape).build();
    }

    private static Layer sharedPrelu(long... inputShape) {
        return new PReLULayer.Builder().inputShape(inputShape).sharedAxes(2, 3).build();
    }

    static Stream<Images> further() {
        return Stream.of(
                        inBothFormats(
                                "depthwise",
                                5,
                                4,
                                2,
                                new DepthwiseConvolution2D.Builder(3, 2)
                                        .nOut(4)
                                        .depthMultiplier(2)
                                        .build()),
                        inBothFormats(
                                "depthwise, same, with stride",
                                5,
                                4,
                                3,
                                new DepthwiseConvolution2D.Builder(3, 2)
                                        .nOut(3)
                                        .stride(2, 1)
                                        .convolutionMode(ConvolutionMode.Same)
                                        .build()),
                        inBothFormats(
                                "separable",
                                5,
                                4,
                                2,
                                new SeparableConvolution2D.Builder(3, 2)
                                        .nOut(3)
                                        .depthMultiplier(2)
                                        .build()),
                        inBothFormats(
                                "separable, no bias, padded",
                                5,
                                4,
                                2,
                                new SeparableConvolution2D.Builder(3, 2)
                                        .nOut(3)
                                        .padding(1, 1)
                                        .hasBias(false)
                                        .build()),
                        inBothFormats(
                                "transposed",
                                3,
                                4,
                                2,
                                new Deconvolution2D.Builder(3, 2).nOut(3).build()),
                        inBothFormats(
                                "transposed with stride",
                                3,
                                4,
                                2,
                                new Deconvolution2D.Builder(3, 2)
                                        .nOut(3)
                                        .stride(2, 3)
                                        .padding(1, 0)
                                        .build()),
                        inBothFormats(
                                "transposed, same",
                                3,
                                4,
                                2,
                                new Deconvolution2D.Builder(3, 3)
                                        .nOut(3)
                                        .stride(2, 2)
                                        .convolutionMode(ConvolutionMode.Same)
                                        .build()),
                        Stream.of(PoolingType.MAX, PoolingType.AVG, PoolingType.SUM, PoolingType.PNORM)
                                .flatMap(t -> inBothFormats(
                                        "global pooling " + t,
                                        4,
                                        5,
                                        2,
                                        conv(3, 2, 2).build(),
                                        global(t))),
                        inBothFormats(
                                "local response normalization",
                                4,
                                5,
                                2,
                                conv(6, 2, 2).build(),
                                new LocalResponseNormalization.Builder(1, 0.3, 0.75)
                                        .n(3)
                                        .build(),
                                conv(2, 2, 2).build()),
                        Stream.of(
                                nchw(
                                        "prelu",
                                        4,
                                        5,
                                        2,
                                        conv(3, 2, 2)
                                                .activation(Activation.IDENTITY)
                                                .build(),
                                        prelu(3, 3, 4)),
                                nchw(
                                        "prelu, shared positions",
                                        4,
                                        5,
                                        2,
                                        conv(3, 2, 2)
                                                .activation(Activation.IDENTITY)
                                                .build(),
                                        sharedPrelu(3, 3, 4))),
                        inBothFormats(
                                "zero padding",
                                4,
                                5,
                                2,
                                new ZeroPaddingLayer.Builder(1, 2, 3, 0).build(),
                                conv(3, 2, 2).build()),
                        inBothFormats(
                                "cropping", 6, 6, 2, conv(3, 2, 2).build(), new Cropping2D.Builder(1, 2, 0, 1).build()),
                        inBothFormats(
                                "squares as channels",
                                7,
                                5,
                                2,
                                conv(3, 2, 2).build(),
                                new SpaceToDepthLayer.Builder<>(2, CNN2DFormat.NCHW).build(),
                                conv(2, 1, 2).build()),
                        inBothFormats(
                                "upsampling",
                                3,
                                4,
                                2,
                                conv(3, 2, 2).build(),
                                new Upsampling2D.Builder()
                                        .size(new int[] {2, 3})
                                        .build()),
                        inBothFormats(
                                "padding, cropping and upsampling in a row",
                                3,
                                4,
                                2,
                                conv(2, 2, 2).build(),
                                new ZeroPaddingLayer.Builder(1, 0, 1, 1).build(),
                                new Upsampling2D.Builder(2).build(),
                                new Cropping2D.Builder(1, 0, 0, 2).build(),
                                conv(2, 3, 2).build()))
                .flatMap(s -> s);
    }

    private static Images sequences(String name, int length, int channels, Layer... layers) {
        return new Images(name, InputType.recurrent(channels, length), new long[] {channels, length}, layers);
    }

    private static Convolution1DLayer.Builder conv1d(int out, int kernel) {
        Convolution1DLayer.Builder builder = new Convolution1DLayer.Builder(kernel);
        builder.nOut(out);
        return builder;
    }

    /** With global pooling behind them: DL4J flattens volumes with channels first only by mistake, and refuses them. */
    private static Images volumes(String name, boolean channelsFirst, Layer... layers) {
        Layer[] pooled = Arrays.copyOf(layers, layers.length + 1);
        pooled[layers.length] = new GlobalPoolingLayer.Builder()
                .poolingType(org.deeplearning4j.nn.conf.layers.PoolingType.AVG)
                .poolingDimensions(channelsFirst ? new int[] {2, 3, 4} : new int[] {1, 2, 3})
                .build();
        return new Images(
                name + (channelsFirst ? ", NCDHW" : ", NDHWC"),
                InputType.convolutional3D(
                        channelsFirst ? Convolution3D.DataFormat.NCDHW : Convolution3D.DataFormat.NDHWC, 4, 5, 3, 2),
                channelsFirst ? new long[] {2, 4, 5, 3} : new long[] {4, 5, 3, 2},
                pooled);
    }

    private static Convolution3D conv3d(boolean channelsFirst, ConvolutionMode mode, int... stride) {
        return new Convolution3D.Builder(2, 3, 2)
                .nOut(3)
                .stride(stride)
                .convolutionMode(mode)
                .dataFormat(channelsFirst ? Convolution3D.DataFormat.NCDHW : Convolution3D.DataFormat.NDHWC)
                .build();
    }

    static Stream<Images> ofOtherRanks() {
        return Stream.of(
                        Stream.of(
                                sequences("1D", 6, 2, conv1d(3, 2).build(), global(PoolingType.MAX)),
                                sequences(
                                        "1D, same, stride, dilation",
                                        7,
                                        2,
                                        conv1d(3, 3)
                                                .stride(2)
                                                .convolutionMode(ConvolutionMode.Same)
                                                .build(),
                                        global(PoolingType.AVG)),
                                sequences(
                                        "1D, causal",
                                        7,
                                        2,
                                        conv1d(3, 3)
                                                .dilation(2)
                                                .convolutionMode(ConvolutionMode.Causal)
                                                .build(),
                                        global(PoolingType.AVG)),
                                sequences(
                                        "1D, padded",
                                        7,
                                        2,
                                        conv1d(3, 3).padding(2).build(),
                                        global(PoolingType.AVG)),
                                sequences(
                                        "1D, padding, cropping, upsampling, pooling",
                                        7,
                                        2,
                                        new ZeroPadding1DLayer.Builder(1, 2).build(),
                                        conv1d(3, 2).build(),
                                        new Upsampling1D.Builder(2).build(),
                                        new Cropping1D(1, 2),
                                        new Subsampling1DLayer.Builder(PoolingType.MAX, 3, 2).build(),
                                        new Subsampling1DLayer.Builder(PoolingType.AVG, 2, 1).build(),
                                        global(PoolingType.SUM))),
                        Stream.of(true, false)
                                .flatMap(first -> Stream.of(
                                        volumes("3D", first, conv3d(first, ConvolutionMode.Truncate, 1, 1, 1)),
                                        volumes("3D, same", first, conv3d(first, ConvolutionMode.Same, 2, 1, 2)),
                                        volumes(
                                                "3D max pooling",
                                                first,
                                                conv3d(first, ConvolutionMode.Same, 1, 1, 1),
                                                pool3d(first, PoolingType.MAX)),
                                        volumes(
                                                "3D average pooling",
                                                first,
                                                conv3d(first, ConvolutionMode.Same, 1, 1, 1),
                                                pool3d(first, PoolingType.AVG)),
                                        volumes(
                                                "3D upsampling",
                                                first,
                                                conv3d(first, ConvolutionMode.Truncate, 1, 1, 1),
                                                upsampling3d(first)))),
                        Stream.of(new Images(
                                "3D, flattened",
                                InputType.convolutional3D(Convolution3D.DataFormat.NDHWC, 4, 5, 3, 2),
                                new long[] {4, 5, 3, 2},
                                conv3d(false, ConvolutionMode.Truncate, 1, 1, 1))),
                        Stream.of(volumes(
                                "3D padding and cropping",
                                true,
                                new ZeroPadding3DLayer.Builder(1, 0, 1, 2, 0, 1).build(),
                                conv3d(true, ConvolutionMode.Truncate, 1, 1, 1),
                                new Cropping3D.Builder(1, 0, 1, 0, 0, 1).build())))
                .flatMap(s -> s);
    }

    private static Layer pool3d(boolean first, PoolingType type) {
        return new Subsampling3DLayer.Builder(
                        Subsampling3DLayer.PoolingType.valueOf(type.name()), new int[] {2, 2, 2}, new int[] {2, 1, 2})
                .dataFormat(first ? Convolution3D.DataFormat.NCDHW : Convolution3D.DataFormat.NDHWC)
                .convolutionMode(ConvolutionMode.Truncate)
                .build();
    }

    private static Layer upsampling3d(boolean first) {
        return new Upsampling3D.Builder(2)
                .dataFormat(first ? Convolution3D.DataFormat.NCDHW : Convolution3D.DataFormat.NDHWC)
                .build();
    }

    private static BatchNormalization.Builder normalization() {
        return new BatchNormalization.Builder();
    }

    static Stream<Images> normalized() {
        return Stream.of(
                        Stream.of(
                                new Images(
                                        "normalized vectors",
                                        InputType.feedForward(5),
                                        new long[] {5},
                                        dense(4),
                                        normalization().build(),
                                        dense(3)),
                                new Images(
                                        "normalized features",
                                        InputType.feedForward(5),
                                        new long[] {5},
                                        normalization().useLogStd(false).build(),
                                        dense(4)),
                                new Images(
                                        "normalized flat images",
                                        InputType.convolutionalFlat(4, 5, 2),
                                        new long[] {40},
                                        normalization().build(),
                                        conv(3, 2, 2).build())),
                        inBothFormats(
                                "normalized convolution",
                                5,
                                4,
                                2,
                                conv(3, 2, 2).build(),
                                normalization().build(),
                                new ActivationLayer(Activation.TANH),
                                pool(PoolingType.MAX, 2, 2).build(),
                                normalization().eps(0.1).build(),
                                dense(4)),
                        inBothFormats(
                                "normalized images",
                                4,
                                4,
                                2,
                                normalization().build(),
                                conv(3, 2, 2).build()),
                        inBothFormats(
                                "normalized images after pooling",
                                4,
                                4,
                                2,
                                pool(PoolingType.AVG, 2, 2).build(),
                                normalization().build(),
                                conv(3, 2, 2).build()),
                        // DL4J's backpropagation fails for channels last
                        Stream.of(nchw(
                                "normalization with γ and β locked",
                                6,
                                6,
                                2,
                                conv(3, 2, 2).build(),
                                normalization().lockGammaBeta(true).build(),
                                conv(3, 2, 2).build(),
                                normalization()
                                        .gamma(2.0)
                                        .beta(0.5)
                                        .lockGammaBeta(true)
                                        .build(),
                                conv(3, 2, 2).build(),
                                normalization().gamma(2.0).lockGammaBeta(true).build())))
                .flatMap(s -> s);
    }

    static Stream<Images> all() {
        return Stream.of(networks(), flat(), further(), ofOtherRanks(), normalized())
                .flatMap(s -> s);
    }

    @ParameterizedTest
    @MethodSource("all")
    void lossAndGradientAreDl4js(Images images) {
        MultiLayerNetwork net = images.network(DataType.DOUBLE);
        Dl4j expected = Dl4j.of(net, images.x(), images.y(), null);
        try (Linearization at = GaussNewton.linearize(net).at(images.x(), images.y())) {
            assertClose(expected.score(), at.loss(), ROUNDING, "loss");
            if (!images.isWrongInDl4j()) {
                assertClose(images.withoutStatistics(expected.gradient()), at.gradient(), ROUNDING, "gradient");
            }
        }
    }

    @Test
    void aChainOfPreprocessorsIsItsLinks() {
        Images images = new Images(
                "chains",
                InputType.convolutionalFlat(5, 4, 2),
                new long[] {40},
                conv(3, 3, 2).build(),
                dense(4));
        MultiLayerConfiguration conf = images.network(DataType.DOUBLE).getLayerWiseConfigurations();
        conf.setInputPreProcessors(new HashMap<>(Map.of(
                0,
                new ComposableInputPreProcessor(new ComposableInputPreProcessor(conf.getInputPreProcess(0))),
                1,
                new ComposableInputPreProcessor(
                        conf.getInputPreProcess(1),
                        new FeedForwardToCnnPreProcessor(3, 3, 3),
                        new CnnToFeedForwardPreProcessor(3, 3, 3)))));
        MultiLayerNetwork net = new MultiLayerNetwork(conf);
        net.init(normal(1, 0.4, 1, images.network(DataType.DOUBLE).numParams()), false);
        Dl4j expected = Dl4j.of(net, images.x(), images.y(), null);
        try (Linearization at = GaussNewton.linearize(net).at(images.x(), images.y())) {
            assertClose(expected.score(), at.loss(), ROUNDING, "loss");
            assertClose(expected.gradient(), at.gradient(), ROUNDING, "gradient");
        }
    }

    /** Of DL4J's score, evaluated forward only. */
    @ParameterizedTest
    @MethodSource("all")
    void gradientIsTheDerivativeOfDl4jsScore(Images images) {
        MultiLayerNetwork net = images.network(DataType.DOUBLE);
        INDArray v = normal(4, 1.0, net.numParams());
        DataSet batch = new DataSet(images.x(), images.y());
        try (Linearization at = GaussNewton.linearize(net).at(images.x(), images.y())) {
            double expected = FiniteDifferences.along(net, v, () -> net.score(batch, true));
            assertClose(expected, v.mul(at.gradient()).sumNumber().doubleValue(), FINITE_DIFFERENCE, "⟨g, v⟩");
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void productsAreThoseOfTheJacobian(Images images) {
        MultiLayerNetwork net = images.network(DataType.DOUBLE);
        INDArray v = normal(4, 1.0, net.numParams());
        INDArray u = normal(5, 1.0, BATCH, CLASSES);
        try (Linearization at = GaussNewton.linearize(net)) {
            INDArray expected = FiniteDifferences.along(
                    net, v, () -> at.at(images.x(), images.y()).preOutput());
            INDArray jv = at.at(images.x(), images.y()).jvp(v);
            assertClose(expected, jv, FINITE_DIFFERENCE, "Jv");
            assertClose(
                    u.mul(jv).sumNumber().doubleValue(),
                    v.mul(at.vjp(u)).sumNumber().doubleValue(),
                    ROUNDING,
                    "⟨u, Jv⟩");
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void float32AgreesWithFloat64(Images images) {
        INDArray v = normal(4, 1.0, images.network(DataType.DOUBLE).numParams());
        try (Linearization expected = GaussNewton.linearize(images.network(DataType.DOUBLE));
                Linearization actual = GaussNewton.linearize(images.network(DataType.FLOAT))) {
            expected.at(images.x(), images.y());
            actual.at(images.x(), images.y());
            assertClose(expected.loss(), actual.loss(), FLOAT, "loss");
            assertClose(expected.gradient(), actual.gradient(), FLOAT, "gradient");
            assertClose(expected.ggnVectorProduct(v), actual.ggnVectorProduct(v), FLOAT, "Hv");
        }
    }

    static Stream<Images> withRows() {
        return Stream.of(networks(), flat(), ofOtherRanks()).flatMap(s -> s);
    }

    @ParameterizedTest
    @MethodSource("withRows")
    void rowsAreThoseOfTheProducts(Images images) {
        MultiLayerNetwork net = images.network(DataType.DOUBLE);
        INDArray v = normal(4, 1.0, net.numParams());
        try (Linearization at = GaussNewton.linearize(net).at(images.x(), images.y())) {
            INDArray j = at.jacobian();
            INDArray jv = at.jvp(v);
            assertClose(jv.reshape(jv.length(), 1), j.mmul(v.reshape(v.length(), 1)), ROUNDING, "Jv");
            assertClose(j.mmul(j.transpose()), at.gram(), ROUNDING, "JJᵀ");
            assertClose(at.gradient(), at.perExampleGradients().mean(0), ROUNDING, "mean of the examples' gradients");
        }
    }

    @ParameterizedTest
    @MethodSource("withRows")
    void everySystemGivesTheDampedDirection(Images images) {
        double lambda = 0.3;
        try (PosedNetwork at = linearized(images, DataType.DOUBLE)) {
            for (String kind : Systems.ALL) {
                INDArray delta = at.newVector();
                DampedSystem system = open(at, kind, DataType.DOUBLE);
                assertTrue(system.solve(lambda, null, delta));
                INDArray product = at.newVector();
                at.gaussNewton().apply(delta, product);
                assertClose(at.gradient().neg(), product.add(delta.mul(lambda)), DOUBLE, kind + ": (H + λI)Δ = −g");
            }
        }
    }

    private static DampedSystem open(PosedNetwork at, String system, DataType type) {
        return Systems.open(at.rows(), system, type);
    }

    /** An upper bound, and not far above. */
    @ParameterizedTest
    @MethodSource("withRows")
    void memoryOfASystemIsKnownBefore(Images images) {
        try (PosedNetwork at = linearized(images, DataType.FLOAT)) {
            for (String kind : Systems.ALL) {
                for (DataType type : List.of(DataType.FLOAT, DataType.DOUBLE)) {
                    RowSpace.SystemOffer offer = Systems.offer(at.rows(), kind);
                    long known = offer.bytes(type);
                    // with no room for any other
                    offer.open(type, known);
                    long taken = at.problems().systems().bytes();
                    assertTrue(taken <= known, () -> kind + " " + type + ": " + taken + " of " + known);
                    assertTrue(known <= 1.2 * taken + 4096, () -> kind + " " + type + ": " + taken + " of " + known);
                }
            }
        }
    }

    private static PosedNetwork linearized(Images images, DataType type) {
        return new PosedNetwork(images.network(type), images.x(), images.y());
    }

    /** Twelve rows of 1.4 million elements are more than are formed at a time. */
    @Test
    void gramMatrixOfManyColumnsIsFormedInBlocks() {
        Images images = nchw("wide", 5, 5, 24, conv(2400, 5, 5).build(), dense(3));
        MultiLayerNetwork net = images.network(DataType.DOUBLE);
        net.setParams(net.params().mul(0.05));
        try (Linearization at = GaussNewton.linearize(net)) {
            at.at(normal(2, 1.0, 4, 24, 5, 5), oneHot(classes(3, 4, CLASSES), CLASSES));
            INDArray j = at.jacobian();
            assertClose(j.mmul(j.transpose()), at.gram(), ROUNDING, "JJᵀ");
        }
    }

    static Stream<Images> random() {
        return Stream.of(
                nchw(
                        "dropout layer",
                        4,
                        4,
                        2,
                        conv(3, 2, 2).build(),
                        new DropoutLayer(0.5),
                        conv(3, 2, 2).build()),
                nhwc(
                        "dropout on a convolution",
                        4,
                        4,
                        2,
                        conv(3, 2, 2).build(),
                        conv(3, 2, 2).dropOut(new Dropout(0.5)).build()));
    }

    @ParameterizedTest
    @MethodSource("random")
    void oneDrawServesAllProducts(Images images) {
        MultiLayerNetwork net = images.network(DataType.DOUBLE);
        INDArray v = normal(4, 1.0, net.numParams());
        INDArray u = normal(5, 1.0, BATCH, CLASSES);
        try (Linearization at = GaussNewton.linearize(net)) {
            INDArray expected = FiniteDifferences.along(
                    net, v, () -> at.at(images.x(), images.y()).preOutput());
            INDArray jv = at.at(images.x(), images.y()).jvp(v);
            assertClose(expected, jv, FINITE_DIFFERENCE, "Jv");
            assertClose(
                    u.mul(jv).sumNumber().doubleValue(),
                    v.mul(at.vjp(u)).sumNumber().doubleValue(),
                    ROUNDING,
                    "⟨u, Jv⟩");
        }
    }
}
