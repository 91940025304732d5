package org.dl4jgn.bench;

import java.util.List;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.IUpdater;

/** Networks and batch sizes of the SGN paper, with random data of the right shape. */
public enum PaperProblem {
    /** 13-100-100-1, batch 101, MSE. */
    BOSTON(101, false, 13, 100, 100, 1),
    /** 1-20-20-20-1, batch 1000, MSE. */
    SINE(1000, false, 1, 20, 20, 20, 1),
    /** 784-20-20-20-10, batch 1000, softmax cross-entropy. */
    MNIST(1000, true, 784, 20, 20, 20, 10);

    private final RandomProblem problem;

    PaperProblem(int batch, boolean classes, int... sizes) {
        problem = new RandomProblem(batch, classes, Activation.SIGMOID, sizes);
    }

    /** Examples in a mini-batch. */
    public int batchSize() {
        return problem.batch();
    }

    /** Whether the labels are classes, one-hot, rather than numbers. */
    public boolean isClassification() {
        return problem.classes();
    }

    /** A fresh float network, the same for every updater. */
    public MultiLayerNetwork network(IUpdater updater) {
        return network(updater, DataType.FLOAT);
    }

    /** A fresh network, the same for every updater. */
    public MultiLayerNetwork network(IUpdater updater, DataType type) {
        return problem.network(updater, type);
    }

    /** Mini-batches of standard normal features and random labels. */
    public List<DataSet> batches() {
        return problem.batches();
    }
}
