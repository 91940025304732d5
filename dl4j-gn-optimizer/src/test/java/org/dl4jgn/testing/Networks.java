package org.dl4jgn.testing;

import java.util.Random;
import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** Small networks and data, drawn by Java's own generator so that they are the same everywhere. */
public final class Networks {

    private Networks() {}

    public static MultiLayerNetwork of(DataType type, Layer... layers) {
        return of(type, builder -> builder, layers);
    }

    /** A network whose parameters, weights and biases alike, are drawn from N(0, 0.7²). */
    public static MultiLayerNetwork of(
            DataType type, UnaryOperator<NeuralNetConfiguration.Builder> settings, Layer... layers) {
        NeuralNetConfiguration.Builder builder =
                new NeuralNetConfiguration.Builder().dataType(type).seed(7).updater(new Sgd(0.1));
        NeuralNetConfiguration.ListBuilder list = settings.apply(builder).list();
        for (Layer layer : layers) {
            list.layer(layer);
        }
        MultiLayerNetwork net =
                new MultiLayerNetwork(list.validateOutputLayerConfig(false).build());
        net.init();
        net.setParams(normal(1, 0.7, 1, net.numParams()).castTo(type));
        return net;
    }

    public static DenseLayer dense(int in, int out, IActivation activation) {
        return new DenseLayer.Builder().nIn(in).nOut(out).activation(activation).build();
    }

    public static DenseLayer dense(int in, int out, Activation activation) {
        return dense(in, out, activation.getActivationFunction());
    }

    public static OutputLayer output(int in, int out, IActivation activation, ILossFunction loss) {
        return new OutputLayer.Builder(loss)
                .nIn(in)
                .nOut(out)
                .activation(activation)
                .build();
    }

    public static OutputLayer output(int in, int out, Activation activation, ILossFunction loss) {
        return output(in, out, activation.getActivationFunction(), loss);
    }

    /** Numbers from N(0, scale²), in float64. */
    public static INDArray normal(long seed, double scale, long... shape) {
        Random random = new Random(seed);
        INDArray result = Nd4j.create(DataType.DOUBLE, shape);
        for (long i = 0; i < result.length(); i++) {
            result.putScalar(i, scale * random.nextGaussian());
        }
        return result;
    }

    /** Numbers from U(low, high), in float64. */
    public static INDArray uniform(long seed, double low, double high, long... shape) {
        Random random = new Random(seed);
        INDArray result = Nd4j.create(DataType.DOUBLE, shape);
        for (long i = 0; i < result.length(); i++) {
            result.putScalar(i, low + (high - low) * random.nextDouble());
        }
        return result;
    }

    /** Random class indices, [b, 1]. */
    public static INDArray classes(long seed, int b, int c) {
        Random random = new Random(seed);
        INDArray result = Nd4j.create(DataType.DOUBLE, b, 1);
        for (int i = 0; i < b; i++) {
            result.putScalar(i, random.nextInt(c));
        }
        return result;
    }

    /** One row an example, one in the column of its class. */
    public static INDArray oneHot(INDArray classes, int c) {
        INDArray result = Nd4j.create(DataType.DOUBLE, classes.length(), c);
        for (long i = 0; i < classes.length(); i++) {
            result.putScalar(i, (long) classes.getDouble(i), 1.0);
        }
        return result;
    }

    /** Random zeros and ones. */
    public static INDArray bits(long seed, long... shape) {
        return uniform(seed, 0, 1, shape).gt(0.4).castTo(DataType.DOUBLE);
    }
}
