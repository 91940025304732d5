package org.dl4jgn.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Networks and batch sizes of the SGN paper, with random data of the right shape. */
public enum PaperProblem {
    /** 13-100-100-1, batch 101, MSE. */
    BOSTON(101, false, 13, 100, 100, 1),
    /** 1-20-20-20-1, batch 1000, MSE. */
    SINE(1000, false, 1, 20, 20, 20, 1),
    /** 784-20-20-20-10, batch 1000, softmax cross-entropy. */
    MNIST(1000, true, 784, 20, 20, 20, 10);

    /**
     * Batches to cycle through. One batch for all steps would be learned by heart, and activations that underflow to
     * denormal numbers are up to a hundred times slower.
     */
    private static final int BATCHES = 16;

    private final int batch;
    private final boolean classes;
    private final int[] sizes;

    PaperProblem(int batch, boolean classes, int... sizes) {
        this.batch = batch;
        this.classes = classes;
        this.sizes = sizes;
    }

    /** Examples in a mini-batch. */
    public int batchSize() {
        return batch;
    }

    /** Whether the labels are classes, one-hot, rather than numbers. */
    public boolean isClassification() {
        return classes;
    }

    /** A fresh float network, the same for every updater. */
    public MultiLayerNetwork network(IUpdater updater) {
        return network(updater, DataType.FLOAT);
    }

    /** A fresh network, the same for every updater. */
    public MultiLayerNetwork network(IUpdater updater, DataType type) {
        NeuralNetConfiguration.ListBuilder layers = new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(type)
                .weightInit(WeightInit.XAVIER)
                .activation(Activation.SIGMOID)
                .updater(updater)
                .list();
        int last = sizes.length - 2;
        for (int i = 0; i < last; i++) {
            layers.layer(
                    new DenseLayer.Builder().nIn(sizes[i]).nOut(sizes[i + 1]).build());
        }
        layers.layer(new OutputLayer.Builder(classes ? LossFunction.MCXENT : LossFunction.MSE)
                .nIn(sizes[last])
                .nOut(sizes[last + 1])
                .activation(classes ? Activation.SOFTMAX : Activation.IDENTITY)
                .build());
        MultiLayerNetwork net = new MultiLayerNetwork(layers.build());
        net.init();
        return net;
    }

    /** Mini-batches of standard normal features and random labels. */
    public List<DataSet> batches() {
        List<DataSet> batches = new ArrayList<>();
        Random random = new Random(3);
        for (int i = 0; i < BATCHES; i++) {
            INDArray features = Nd4j.randn(DataType.FLOAT, batch, sizes[0]);
            batches.add(new DataSet(features, classes ? oneHot(random) : Nd4j.randn(DataType.FLOAT, batch, 1)));
        }
        return batches;
    }

    private INDArray oneHot(Random random) {
        int count = sizes[sizes.length - 1];
        INDArray labels = Nd4j.zeros(DataType.FLOAT, batch, count);
        for (int i = 0; i < batch; i++) {
            labels.putScalar(i, random.nextInt(count), 1.0);
        }
        return labels;
    }
}
