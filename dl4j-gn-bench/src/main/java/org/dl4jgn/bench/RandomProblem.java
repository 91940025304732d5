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

/**
 * A multilayer perceptron with random data of the right shape.
 *
 * @param batch examples in a mini-batch
 * @param classes whether the labels are classes, one-hot, rather than numbers
 * @param activation of the hidden layers
 * @param sizes units of each layer, from the features to the outputs
 */
record RandomProblem(int batch, boolean classes, Activation activation, int... sizes) {

    /**
     * Batches to cycle through. One batch for all steps would be learned by heart, and activations that underflow to
     * denormal numbers are up to a hundred times slower.
     */
    private static final int BATCHES = 16;

    /** A fresh network, the same for every updater. */
    MultiLayerNetwork network(IUpdater updater, DataType type) {
        NeuralNetConfiguration.ListBuilder layers = new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(type)
                .weightInit(WeightInit.XAVIER)
                .activation(activation)
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
    List<DataSet> batches() {
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
