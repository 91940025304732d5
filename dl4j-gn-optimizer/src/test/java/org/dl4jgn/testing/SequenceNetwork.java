package org.dl4jgn.testing;

import static org.dl4jgn.testing.Networks.normal;

import java.util.Arrays;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * Layers between sequences of two channels and an output layer, of each step or of vectors.
 *
 * @param name for messages
 * @param format of the sequences
 * @param steps whether there is an output for each step
 * @param layers the layers
 */
public record SequenceNetwork(String name, RNNFormat format, boolean steps, Layer... layers) {

    public static final int BATCH = 3;
    public static final int STEPS = 5;
    public static final int CHANNELS = 2;
    public static final int OUTPUTS = 2;

    /** A network with an output for each step, channels first. */
    public static SequenceNetwork steps(String name, Layer... layers) {
        return new SequenceNetwork(name, RNNFormat.NCW, true, layers);
    }

    /** A network with one output, channels first. */
    public static SequenceNetwork whole(String name, Layer... layers) {
        return new SequenceNetwork(name, RNNFormat.NCW, false, layers);
    }

    /** A layer for the steps of this network, or for the whole. */
    public Layer output(LossFunction loss, Activation activation) {
        return steps
                ? new RnnOutputLayer.Builder(loss)
                        .nOut(OUTPUTS)
                        .activation(activation)
                        .dataFormat(format)
                        .build()
                : new OutputLayer.Builder(loss)
                        .nOut(OUTPUTS)
                        .activation(activation)
                        .build();
    }

    /** The network, of squared errors. */
    public MultiLayerNetwork network(DataType type) {
        return network(type, new Sgd(0.1), LossFunction.MSE, Activation.TANH);
    }

    /** The network. */
    public MultiLayerNetwork network(DataType type, IUpdater updater, LossFunction loss, Activation activation) {
        NeuralNetConfiguration.ListBuilder list = new NeuralNetConfiguration.Builder()
                .dataType(type)
                .seed(7)
                .updater(updater)
                .activation(Activation.TANH)
                .list();
        Arrays.stream(layers).map(Layer::clone).forEach(list::layer);
        list.layer(output(loss, activation));
        MultiLayerNetwork net = new MultiLayerNetwork(
                list.setInputType(InputType.recurrent(CHANNELS, STEPS, format)).build());
        net.init();
        net.setParams(normal(1, 0.5, 1, net.numParams()).castTo(type));
        return net;
    }

    /** Features, in which two steps are zero. */
    public INDArray features(DataType type) {
        INDArray x = normal(2, 1, BATCH, CHANNELS, STEPS);
        for (int c = 0; c < CHANNELS; c++) {
            x.putScalar(new int[] {0, c, 1}, 0);
            x.putScalar(new int[] {2, c, 4}, 0);
        }
        return inFormat(x).castTo(type);
    }

    /** Labels that are one-hot along the channels. */
    public INDArray labels(DataType type, long steps) {
        if (!this.steps) {
            return Networks.oneHot(Networks.classes(3, BATCH, OUTPUTS), OUTPUTS).castTo(type);
        }
        INDArray y = Nd4j.zeros(DataType.DOUBLE, BATCH, OUTPUTS, steps);
        INDArray classes = Networks.classes(3, (int) (BATCH * steps), OUTPUTS);
        for (int i = 0; i < BATCH; i++) {
            for (int t = 0; t < steps; t++) {
                y.putScalar(new int[] {i, (int) classes.getDouble(i * steps + t), t}, 1.0);
            }
        }
        return inFormat(y).castTo(type);
    }

    private INDArray inFormat(INDArray array) {
        return format == RNNFormat.NCW ? array : array.permute(0, 2, 1).dup('c');
    }

    /** Steps that are there: all of the first example, less of the others. */
    public static INDArray endsEarly(DataType type) {
        return Nd4j.createFromArray(new double[][] {{1, 1, 1, 1, 1}, {1, 1, 1, 0, 0}, {1, 1, 0, 0, 0}})
                .castTo(type);
    }

    /** Steps that are there, with gaps. */
    public static INDArray gaps(DataType type) {
        return Nd4j.createFromArray(new double[][] {{1, 0, 1, 1, 1}, {0, 1, 1, 0, 1}, {1, 1, 0, 1, 0}})
                .castTo(type);
    }

    /** A batch with masks. */
    public DataSet batch(DataType type, @Nullable INDArray featureMask, @Nullable INDArray labelMask) {
        INDArray features = features(type);
        return new DataSet(features, labels(type, outputSteps(features)), featureMask, labelMask);
    }

    private long outputSteps(INDArray features) {
        if (!steps) {
            return 1;
        }
        INDArray out = network(features.dataType()).output(features);
        return out.size(format == RNNFormat.NCW ? 2 : 1);
    }

    @Override
    public String toString() {
        return name + " " + format;
    }
}
