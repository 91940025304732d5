package org.dl4jgn.testing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
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
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.Subsampling1DLayer;
import org.deeplearning4j.nn.conf.layers.Subsampling3DLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling1D;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.Upsampling3D;
import org.deeplearning4j.nn.conf.layers.ZeroPadding1DLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPadding3DLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping1D;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping3D;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * A network of random layers on random input, without randomness of its own. Not all of them are valid: DL4J refuses to
 * build some, and fails at others.
 */
public final class RandomNetwork {

    private static final Activation[] ACTIVATIONS = {
        Activation.TANH,
        Activation.SIGMOID,
        Activation.SOFTMAX,
        Activation.SOFTPLUS,
        Activation.IDENTITY,
        Activation.RELU
    };

    private final Random random;
    private final List<Layer> layers = new ArrayList<>();
    private InputType type;
    private long[] example;
    private boolean first = true;

    /** What is drawn is a function of the seed. */
    public RandomNetwork(long seed) {
        random = new Random(seed);
        int height = 4 + random.nextInt(3);
        int width = 4 + random.nextInt(3);
        int channels = 1 + random.nextInt(3);
        switch (random.nextInt(6)) {
            case 0 -> vectors(2 + random.nextInt(4));
            case 1 -> sequences(channels, 5 + random.nextInt(3));
            case 2 -> images(height, width, channels, CNN2DFormat.NCHW);
            case 3 -> images(height, width, channels, CNN2DFormat.NHWC);
            case 4 -> flatImages(height, width, channels);
            default -> volumes(3 + random.nextInt(2), 3 + random.nextInt(2), 3, channels);
        }
        if (random.nextInt(3) > 0) {
            layers.add(new DenseLayer.Builder().nOut(4).activation(activation()).build());
        }
        layers.add(new OutputLayer.Builder(LossFunction.MCXENT)
                .nOut(3)
                .activation(Activation.SOFTMAX)
                .build());
    }

    /** The network. DL4J throws whatever it likes if it is not valid. */
    public MultiLayerNetwork network() {
        NeuralNetConfiguration.ListBuilder list = new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .seed(7)
                .updater(new Sgd(0.1))
                .list();
        layers.forEach(layer -> list.layer(layer.clone()));
        MultiLayerNetwork net = new MultiLayerNetwork(list.setInputType(type).build());
        net.init();
        net.setParams(Networks.normal(1, 0.5, 1, net.numParams()));
        return net;
    }

    /** The shape of an example. */
    public long[] example() {
        return example.clone();
    }

    /** DL4J's score of a separable convolution of one channel is not what such a layer computes. */
    public boolean isScoreWrongInDl4j() {
        return network().getLayerWiseConfigurations().getConfs().stream()
                .anyMatch(
                        conf -> conf.getLayer() instanceof SeparableConvolution2D separable && separable.getNIn() == 1);
    }

    /**
     * DL4J's gradient is not that of its score: local response normalization is up to a percent off, and the softmax of an NHWC
     * convolution is differentiated along the width.
     */
    public boolean isGradientWrongInDl4j() {
        return layers.stream()
                .anyMatch(layer -> layer instanceof LocalResponseNormalization
                        || layer instanceof ConvolutionLayer convolution
                                && convolution.getCnn2dDataFormat() == CNN2DFormat.NHWC
                                && convolution.getActivationFn() instanceof ActivationSoftmax);
    }

    @Override
    public String toString() {
        return type + " as " + Arrays.toString(example) + ": "
                + layers.stream().map(layer -> layer.getClass().getSimpleName()).toList();
    }

    private Activation activation() {
        return ACTIVATIONS[random.nextInt(ACTIVATIONS.length)];
    }

    private int size(int least, int most) {
        return least + random.nextInt(most - least + 1);
    }

    private int[] sizes(int n, int least, int most) {
        int[] sizes = new int[n];
        Arrays.setAll(sizes, i -> size(least, most));
        return sizes;
    }

    private ConvolutionMode mode() {
        return random.nextBoolean() ? ConvolutionMode.Truncate : ConvolutionMode.Same;
    }

    /** One of those that take anything, or null. */
    private Layer neutral() {
        return switch (random.nextInt(6)) {
            case 0 -> new ActivationLayer(activation());
            case 1 -> new DropoutLayer(new Dropout(1.0));
            case 2 -> new BatchNormalization();
            case 3 ->
                first && random.nextBoolean()
                        ? new PReLULayer.Builder().inputShape(example).build()
                        : null;
            default -> null;
        };
    }

    private void add(Layer special) {
        Layer neutral = neutral();
        layers.add(neutral == null ? special : neutral);
        first = false;
    }

    private void vectors(int n) {
        type = InputType.feedForward(n);
        example = new long[] {n};
        for (int i = size(0, 3); i > 0; i--) {
            add(new DenseLayer.Builder()
                    .nOut(size(2, 4))
                    .activation(activation())
                    .build());
        }
    }

    private void sequences(int channels, int length) {
        type = InputType.recurrent(channels, length);
        example = new long[] {channels, length};
        for (int i = size(0, 3); i > 0; i--) {
            add(
                    switch (random.nextInt(5)) {
                        case 0 -> new Subsampling1DLayer.Builder(pooling(), 2, 1).build();
                        case 1 -> new ZeroPadding1DLayer(size(0, 2), size(0, 1));
                        case 2 -> new Cropping1D(size(0, 1), 1);
                        case 3 -> new Upsampling1D.Builder(2).build();
                        default ->
                            new Convolution1DLayer.Builder(size(1, 3))
                                    .nOut(size(1, 3))
                                    .convolutionMode(mode())
                                    .activation(activation())
                                    .build();
                    });
        }
        layers.add(global());
    }

    private void images(int height, int width, int channels, CNN2DFormat format) {
        type = InputType.convolutional(height, width, channels, format);
        example = format == CNN2DFormat.NCHW
                ? new long[] {channels, height, width}
                : new long[] {height, width, channels};
        imageLayers(format);
    }

    private void flatImages(int height, int width, int channels) {
        type = InputType.convolutionalFlat(height, width, channels);
        example = new long[] {(long) channels * height * width};
        first = false;
        imageLayers(CNN2DFormat.NCHW);
    }

    private void imageLayers(CNN2DFormat format) {
        for (int i = size(0, 3); i > 0; i--) {
            add(imageLayer(format));
        }
        if (random.nextInt(4) == 0) {
            layers.add(global());
        }
    }

    private Layer imageLayer(CNN2DFormat format) {
        return switch (random.nextInt(11)) {
            case 0 ->
                new SubsamplingLayer.Builder(pooling(), sizes(2, 2, 3), sizes(2, 1, 2), sizes(2, 0, 1))
                        .pnorm(2)
                        .dataFormat(format)
                        .build();
            case 1 ->
                new ZeroPaddingLayer.Builder(sizes(4, 0, 2)).dataFormat(format).build();
            case 2 -> new Cropping2D.Builder(sizes(4, 0, 1)).dataFormat(format).build();
            case 3 -> new Upsampling2D.Builder(2).dataFormat(format).build();
            case 4 -> new LocalResponseNormalization.Builder().n(2).build();
            case 5 ->
                new DepthwiseConvolution2D.Builder(2, 2)
                        .depthMultiplier(size(1, 2))
                        .dataFormat(format)
                        .activation(activation())
                        .build();
            case 6 ->
                new SeparableConvolution2D.Builder(2, 2)
                        .nOut(size(1, 3))
                        .dataFormat(format)
                        .activation(activation())
                        .build();
            case 7 ->
                new Deconvolution2D.Builder(2, 2)
                        .nOut(size(1, 3))
                        .dataFormat(format)
                        .activation(activation())
                        .build();
            default ->
                new ConvolutionLayer.Builder(sizes(2, 1, 3), sizes(2, 1, 2))
                        .nOut(size(1, 3))
                        .convolutionMode(mode())
                        .dataFormat(format)
                        .activation(activation())
                        .build();
        };
    }

    private void volumes(int depth, int height, int width, int channels) {
        boolean channelsFirst = random.nextBoolean();
        Convolution3D.DataFormat format =
                channelsFirst ? Convolution3D.DataFormat.NCDHW : Convolution3D.DataFormat.NDHWC;
        type = InputType.convolutional3D(format, depth, height, width, channels);
        example = channelsFirst
                ? new long[] {channels, depth, height, width}
                : new long[] {depth, height, width, channels};
        for (int i = size(0, 2); i > 0; i--) {
            add(
                    switch (random.nextInt(6)) {
                        case 0 ->
                            new Subsampling3DLayer.Builder(
                                            random.nextBoolean()
                                                    ? Subsampling3DLayer.PoolingType.MAX
                                                    : Subsampling3DLayer.PoolingType.AVG,
                                            sizes(3, 1, 2),
                                            new int[] {1, 1, 1})
                                    .dataFormat(format)
                                    .build();
                        case 1 -> new ZeroPadding3DLayer.Builder(sizes(6, 0, 1)).build();
                        case 2 -> new Cropping3D.Builder(sizes(6, 0, 1)).build();
                        case 3 -> new Upsampling3D.Builder(2).dataFormat(format).build();
                        default ->
                            new Convolution3D.Builder(sizes(3, 1, 2))
                                    .nOut(size(1, 3))
                                    .convolutionMode(mode())
                                    .dataFormat(format)
                                    .activation(activation())
                                    .build();
                    });
        }
        if (random.nextBoolean()) {
            layers.add(global());
        }
    }

    private SubsamplingLayer.PoolingType pooling() {
        return random.nextBoolean() ? SubsamplingLayer.PoolingType.MAX : SubsamplingLayer.PoolingType.AVG;
    }

    private Layer global() {
        PoolingType[] types = {PoolingType.MAX, PoolingType.AVG, PoolingType.SUM, PoolingType.PNORM};
        return new GlobalPoolingLayer.Builder(types[random.nextInt(types.length)])
                .pnorm(2)
                .build();
    }
}
