package org.dl4jgn.examples.sine;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.distribution.NormalDistribution;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.conf.GaussNewtonUpdater;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** The SGN paper's network for the sine: 1-20-20-20-1, sigmoid, mean squared error, weights N(0, 1), biases 0. */
public final class SineNetwork {

    private static final int HIDDEN = 20;

    private SineNetwork() {}

    /** An untrained network; the same seed gives the same weights, whatever the optimizer. */
    public static MultiLayerNetwork create(IUpdater optimizer, long seed, DataType type) {
        MultiLayerNetwork net = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .updater(optimizer)
                .seed(seed)
                .dataType(type)
                .weightInit(new NormalDistribution(0, 1))
                .activation(Activation.SIGMOID)
                .list()
                .layer(new DenseLayer.Builder().nIn(1).nOut(HIDDEN).build())
                .layer(new DenseLayer.Builder().nOut(HIDDEN).build())
                .layer(new DenseLayer.Builder().nOut(HIDDEN).build())
                .layer(new OutputLayer.Builder(LossFunction.MSE)
                        .nOut(1)
                        .activation(Activation.IDENTITY)
                        .build())
                .build());
        net.init();
        return optimizer instanceof GaussNewtonUpdater ? GaussNewton.attach(net) : net;
    }
}
