package org.dl4jgn;

import static org.dl4jgn.testing.Networks.normal;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.conf.Egn;
import org.dl4jgn.conf.Sgn;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Outputs that are certain: all of them right, where nothing is left to gain, and wrong, where everything is. */
class PerfectFitTest {

    private static final double[][] SEPARABLE = {
        {-2, -1}, {-1.5, -2}, {-1, -1}, {-2, -2.2}, {2, 1}, {1.5, 2}, {1, 1}, {2, 2.2}
    };

    static Stream<Arguments> separable() {
        return Stream.of(DataType.FLOAT, DataType.DOUBLE)
                .flatMap(type -> Stream.of(Activation.SOFTMAX, Activation.SIGMOID)
                        .flatMap(output -> Stream.of(
                                        Sgn.builder().build(), Egn.builder().build())
                                .map(optimizer -> Arguments.of(type, output, optimizer))));
    }

    /** Where DL4J's clipped score is flat, the loss goes on falling, and training goes on. */
    @ParameterizedTest
    @MethodSource("separable")
    void trainingGoesOnWhereTheScoreIsFlat(DataType type, Activation output, IUpdater optimizer) {
        INDArray labels = Nd4j.create(type, 8, 2);
        for (int i = 0; i < 8; i++) {
            labels.putScalar(i, i / 4, 1.0);
        }
        DataSet data = new DataSet(Nd4j.createFromArray(SEPARABLE).castTo(type), labels);
        LossFunction loss = output == Activation.SOFTMAX ? LossFunction.MCXENT : LossFunction.XENT;
        MultiLayerNetwork net = network(type, optimizer, 2, 4, Activation.TANH, 2, output, loss, 1);
        for (int i = 0; i < 1000; i++) {
            net.fit(data);
        }
        double rest = GaussNewton.report(net).orElseThrow().lossBefore();
        assertTrue(rest > 0 && rest < 2e-5, () -> "loss " + rest);
    }

    static List<IUpdater> certainAndWrong() {
        return List.of(Sgn.builder().build(), Egn.builder().build());
    }

    /** Features from 0 to 255 that nobody scaled: at the start nearly all outputs are certain, and three of four wrong. */
    @ParameterizedTest
    @MethodSource("certainAndWrong")
    void certainAndWrongOutputsTrain(IUpdater optimizer) {
        for (int seed = 1; seed <= 3; seed++) {
            DataSet data = unscaled(seed);
            MultiLayerNetwork net = network(
                    DataType.FLOAT,
                    optimizer,
                    20,
                    30,
                    Activation.RELU,
                    4,
                    Activation.SOFTMAX,
                    LossFunction.MCXENT,
                    seed);
            double before = net.score(data);
            for (int i = 0; i < 100; i++) {
                net.fit(data);
            }
            double after = net.score(data);
            assertTrue(after < 1.9, "score of seed " + seed + " from " + before + " to " + after);
        }
    }

    private static DataSet unscaled(int seed) {
        Random random = new Random(seed);
        INDArray x = Nd4j.create(DataType.FLOAT, 100, 20);
        for (int i = 0; i < x.length(); i++) {
            x.putScalar(i, random.nextInt(256));
        }
        INDArray scores = x.castTo(DataType.DOUBLE).sub(127.5).mmul(normal(seed + 10, 1.0, 20, 4));
        INDArray y = Nd4j.create(DataType.FLOAT, 100, 4);
        for (int i = 0; i < 100; i++) {
            y.putScalar(i, scores.getRow(i).argMax().getInt(0), 1.0);
        }
        return new DataSet(x, y);
    }

    private static MultiLayerNetwork network(
            DataType type,
            IUpdater optimizer,
            int in,
            int hidden,
            Activation activation,
            int out,
            Activation output,
            LossFunction loss,
            int seed) {
        return GaussNewton.attach(new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(seed)
                .dataType(type)
                .updater(optimizer)
                .activation(activation)
                .list()
                .layer(new DenseLayer.Builder().nIn(in).nOut(hidden).build())
                .layer(new OutputLayer.Builder(loss)
                        .nIn(hidden)
                        .nOut(out)
                        .activation(output)
                        .build())
                .build()));
    }
}
