package org.dl4jgn.examples;

import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.conf.GaussNewtonConfiguration;
import org.dl4jgn.conf.Sgn;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * A network of three layers, trained with SGN.
 *
 * <p>This is an ordinary Deeplearning4j program. Its configuration differs from a stock one in the line that names the
 * optimizer; the rest, from the layers to {@code fit} and {@code evaluate}, is as always.
 */
public final class FirstNetwork {

    private FirstNetwork() {}

    /** Trains for twenty epochs and prints how well the network does on points that it has not seen. */
    public static void main(String[] args) {
        MultiLayerNetwork net = create(Sgn.builder().build());
        DataSetIterator train = TwoSpirals.batches(10, 500, 1);
        for (int epoch = 1; epoch <= 20; epoch++) {
            net.fit(train);
            System.out.printf("epoch %2d: loss %.6f%n", epoch, net.score());
        }
        DataSetIterator test = TwoSpirals.batches(2, 500, 2);
        System.out.printf("accuracy on new points: %.3f%n", net.evaluate(test).accuracy());
    }

    static MultiLayerNetwork create(Sgn sgn) {
        MultiLayerConfiguration conf = new GaussNewtonConfiguration.Builder() // is a NeuralNetConfiguration.Builder
                .optimizationAlgo(sgn) // the changed line; it was .updater(new Adam(1e-3))
                .seed(42)
                .weightInit(WeightInit.XAVIER)
                .activation(Activation.TANH)
                .list()
                .layer(new DenseLayer.Builder().nIn(2).nOut(30).build())
                .layer(new DenseLayer.Builder().nOut(30).build())
                .layer(new OutputLayer.Builder(LossFunction.MCXENT)
                        .nOut(2)
                        .activation(Activation.SOFTMAX)
                        .build())
                .build();
        return GaussNewton.attach(new MultiLayerNetwork(conf)); // calls init, and lets fit take SGN's steps
    }
}
