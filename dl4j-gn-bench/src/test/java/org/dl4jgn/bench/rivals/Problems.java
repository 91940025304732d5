package org.dl4jgn.bench.rivals;

import java.util.Random;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Small networks in double and their data. */
final class Problems {

    static final int INPUTS = 3;

    private Problems() {}

    /** z = Wx + b: its loss is a quadratic function of the parameters. */
    static MultiLayerNetwork linear(IUpdater updater, double l2) {
        return initialised(settings(updater, l2).list().layer(output(INPUTS)));
    }

    static MultiLayerNetwork tanh(IUpdater updater, double l2) {
        return initialised(settings(updater, l2)
                .list()
                .layer(new DenseLayer.Builder()
                        .nIn(INPUTS)
                        .nOut(5)
                        .activation(Activation.TANH)
                        .build())
                .layer(output(5)));
    }

    /** Features N(0, 1), [size, 3], labels [size, 1]. */
    static DataSet batch(int size, long seed) {
        Random random = new Random(seed);
        INDArray features = Nd4j.createFromArray(
                        random.doubles(size * (long) INPUTS, -1.5, 1.5).toArray())
                .reshape(size, INPUTS);
        INDArray labels = Nd4j.createFromArray(random.doubles(size, -1, 1).toArray())
                .reshape(size, 1)
                .addi(features.getColumn(0, true).mul(2))
                .subi(features.getColumn(1, true));
        return new DataSet(features, labels);
    }

    private static NeuralNetConfiguration.Builder settings(IUpdater updater, double l2) {
        return new NeuralNetConfiguration.Builder()
                .seed(3)
                .dataType(DataType.DOUBLE)
                .updater(updater)
                .l2(l2);
    }

    private static OutputLayer output(int in) {
        return new OutputLayer.Builder(LossFunction.MSE)
                .nIn(in)
                .nOut(1)
                .activation(Activation.IDENTITY)
                .build();
    }

    private static MultiLayerNetwork initialised(NeuralNetConfiguration.ListBuilder layers) {
        MultiLayerNetwork net = new MultiLayerNetwork(layers.build());
        net.init();
        return net;
    }
}
