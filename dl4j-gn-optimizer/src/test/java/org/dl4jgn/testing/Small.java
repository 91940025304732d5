package org.dl4jgn.testing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.GaussNewton;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** A small network and data for it, for tests of behaviour, where any numbers will do. */
public final class Small {

    public static final int INPUTS = 4;
    public static final int CLASSES = 3;

    private Small() {}

    /** 4-5-3: tanh, then softmax with cross-entropy. */
    public static Layer[] layers() {
        return new Layer[] {
            new DenseLayer.Builder()
                    .nIn(INPUTS)
                    .nOut(5)
                    .activation(Activation.TANH)
                    .build(),
            output(5, CLASSES, LossFunction.MCXENT, Activation.SOFTMAX)
        };
    }

    public static OutputLayer output(int in, int out, LossFunction loss, Activation activation) {
        return new OutputLayer.Builder(loss)
                .nIn(in)
                .nOut(out)
                .activation(activation)
                .build();
    }

    /** The configuration of {@link #layers()}, in float64. */
    public static MultiLayerConfiguration configuration(IUpdater updater) {
        return configuration(updater, conf -> {}, layers());
    }

    public static MultiLayerConfiguration configuration(
            IUpdater updater, Consumer<NeuralNetConfiguration.Builder> settings, Layer... layers) {
        NeuralNetConfiguration.Builder builder = new NeuralNetConfiguration.Builder()
                .seed(12345)
                .dataType(DataType.DOUBLE)
                .updater(updater);
        settings.accept(builder);
        // DL4J completes the layers it is given, so that they cannot be used twice
        return builder.list(Arrays.stream(layers).map(Layer::clone).toArray(Layer[]::new))
                .build();
    }

    /** An initialised network of {@link #layers()}, in float64; the same parameters each time. */
    public static MultiLayerNetwork network(IUpdater updater) {
        return network(configuration(updater));
    }

    public static MultiLayerNetwork network(
            IUpdater updater, Consumer<NeuralNetConfiguration.Builder> settings, Layer... layers) {
        return network(configuration(updater, settings, layers));
    }

    public static MultiLayerNetwork network(MultiLayerConfiguration conf) {
        Nd4j.getRandom().setSeed(12345);
        MultiLayerNetwork net = new MultiLayerNetwork(conf);
        net.init();
        return net;
    }

    /** {@link #network(IUpdater)}, attached. */
    public static MultiLayerNetwork attached(IUpdater updater) {
        return GaussNewton.attach(network(updater));
    }

    /** Classes that depend on the features, in float64, with one-hot labels. */
    public static DataSet data(int examples) {
        Nd4j.getRandom().setSeed(99);
        INDArray features = Nd4j.randn(DataType.DOUBLE, examples, INPUTS);
        INDArray labels = Nd4j.zeros(DataType.DOUBLE, examples, CLASSES);
        for (int i = 0; i < examples; i++) {
            double x = features.getDouble(i, 0) + 0.5 * features.getDouble(i, 1) * features.getDouble(i, 2);
            labels.putScalar(i, x < -0.5 ? 0 : x < 0.5 ? 1 : 2, 1.0);
        }
        return new DataSet(features, labels);
    }

    /** {@link #data} of 50 examples in batches of 20, 20 and 10. */
    public static List<DataSet> batches() {
        return new ArrayList<>(data(50).batchBy(20));
    }

    /** An iterator over {@link #batches()}, always in the same order. */
    public static DataSetIterator iterator() {
        return new ExistingDataSetIterator(batches());
    }

    /** An iterator that gives the data sets as they are. */
    public static DataSetIterator iterator(DataSet... batches) {
        return new ExistingDataSetIterator(Arrays.asList(batches));
    }

    /** Whether all elements are finite numbers. */
    public static boolean isFinite(INDArray array) {
        return Arrays.stream(array.dup('c').toDoubleVector()).allMatch(Double::isFinite);
    }

    /** The bits of a network's parameters. */
    public static long[] bits(MultiLayerNetwork net) {
        return bits(net.params());
    }

    /** The bits of an array, element by element, so that equality tells 0 from −0 and takes NaN for itself. */
    public static long[] bits(INDArray array) {
        INDArray dense = array.dup('c');
        long[] bits = new long[(int) dense.length()];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Double.doubleToRawLongBits(dense.getDouble(i));
        }
        return bits;
    }
}
