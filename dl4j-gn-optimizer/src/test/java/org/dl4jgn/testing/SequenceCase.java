package org.dl4jgn.testing;

import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** A golden case of sequences. */
public final class SequenceCase {

    private static final String MASKED = "g-lstm-mse-masked";

    public final String name;
    public final GoldenCase golden;

    private SequenceCase(String name) {
        this.name = name;
        golden = GoldenCase.of(name);
    }

    public static Stream<SequenceCase> all() {
        return List.of(MASKED, "g-rnn-softmax").stream().map(SequenceCase::new);
    }

    private boolean isMasked() {
        return name.equals(MASKED);
    }

    /** The case's batch; its one mask is that of features and of labels. */
    public DataSet batch(DataType type) {
        INDArray mask = mask(type);
        return new DataSet(golden.features(type), golden.labels(type), mask, mask);
    }

    private @Nullable INDArray mask(DataType type) {
        return isMasked() ? golden.array("mask").castTo(type) : null;
    }

    /** The network with the case's parameters. */
    public MultiLayerNetwork network(DataType type, IUpdater updater) {
        NeuralNetConfiguration.ListBuilder list = new NeuralNetConfiguration.Builder()
                .dataType(type)
                .seed(1)
                .updater(updater)
                .list();
        if (isMasked()) {
            list.layer(new LSTM.Builder()
                            .nIn(3)
                            .nOut(3)
                            .activation(Activation.TANH)
                            .gateActivationFunction(Activation.SIGMOID)
                            .build())
                    .layer(new RnnOutputLayer.Builder(LossFunction.MSE)
                            .nIn(3)
                            .nOut(2)
                            .activation(Activation.IDENTITY)
                            .build());
        } else {
            list.layer(new SimpleRnn.Builder()
                            .nIn(2)
                            .nOut(4)
                            .activation(Activation.TANH)
                            .build())
                    .layer(new RnnOutputLayer.Builder(LossFunction.MCXENT)
                            .nIn(4)
                            .nOut(3)
                            .activation(Activation.SOFTMAX)
                            .build());
        }
        MultiLayerNetwork net = new MultiLayerNetwork(list.build());
        net.init();
        net.setParams(golden.array("params").castTo(type).reshape(1, net.numParams()));
        return net;
    }

    @Override
    public String toString() {
        return name;
    }
}
