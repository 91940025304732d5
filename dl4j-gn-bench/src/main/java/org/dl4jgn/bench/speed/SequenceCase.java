package org.dl4jgn.bench.speed;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
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
 * An LSTM in float32 on random sequences of {@value #CHANNELS} channels and {@value #STEPS} steps.
 *
 * @param units of the LSTM
 * @param isEveryStep whether there is an output for each step, of {@value #CHANNELS} classes; else there is one number, behind the last
 * @param batch sequences of a mini-batch
 */
record SequenceCase(int units, boolean isEveryStep, int batch) {

    private static final int CHANNELS = 16;
    private static final int STEPS = 50;
    private static final int SEED = 1;

    String describe() {
        return "LSTM(" + units + ") of " + CHANNELS + " channels, " + STEPS + " steps, "
                + (isEveryStep ? "an output for each" : "one output") + ", batch " + batch;
    }

    /** A fresh network, the same for every updater. */
    MultiLayerNetwork network(IUpdater updater) {
        LSTM lstm = new LSTM.Builder()
                .nIn(CHANNELS)
                .nOut(units)
                .activation(Activation.TANH)
                .build();
        MultiLayerNetwork net = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(SEED)
                .dataType(DataType.FLOAT)
                .weightInit(WeightInit.XAVIER)
                .updater(updater)
                .list()
                .layer(isEveryStep ? lstm : new LastTimeStep(lstm))
                .layer(
                        isEveryStep
                                ? new RnnOutputLayer.Builder(LossFunction.MCXENT)
                                        .nIn(units)
                                        .nOut(CHANNELS)
                                        .activation(Activation.SOFTMAX)
                                        .build()
                                : new OutputLayer.Builder(LossFunction.MSE)
                                        .nIn(units)
                                        .nOut(1)
                                        .activation(Activation.IDENTITY)
                                        .build())
                .build());
        net.init();
        return net;
    }

    /** Mini-batches of standard normal features and random labels. */
    List<DataSet> batches(int count) {
        Random random = new Random(SEED);
        return Stream.generate(() -> new DataSet(Nd4j.randn(DataType.FLOAT, batch, CHANNELS, STEPS), labels(random)))
                .limit(count)
                .toList();
    }

    private INDArray labels(Random random) {
        if (!isEveryStep) {
            return Nd4j.randn(DataType.FLOAT, batch, 1);
        }
        INDArray labels = Nd4j.zeros(DataType.FLOAT, batch, CHANNELS, STEPS);
        for (int i = 0; i < batch; i++) {
            for (int t = 0; t < STEPS; t++) {
                labels.putScalar(new int[] {i, random.nextInt(CHANNELS), t}, 1.0);
            }
        }
        return labels;
    }
}
