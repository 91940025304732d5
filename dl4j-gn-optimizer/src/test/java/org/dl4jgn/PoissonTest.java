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
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Counts, half of them zero, in float: the rate of an example without events falls to what float rounds to zero. */
class PoissonTest {

    private static final int EXAMPLES = 512;

    /** In float, softplus as ND4J computes it is zero for z under −17: a mini-batch later the loss was not a number. */
    static Stream<IUpdater> optimizers() {
        return Stream.of(Sgn.builder().build(), Egn.builder().build());
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void miniBatchesOfCountsStayFinite(IUpdater optimizer) {
        for (int seed = 2; seed <= 4; seed++) {
            List<DataSet> batches = counts(seed).batchBy(32);
            MultiLayerNetwork net = network(seed, optimizer);
            for (int i = 0; i < 70; i++) {
                net.fit(batches.get(i % batches.size()));
                assertTrue(Double.isFinite(net.score()), "score at iteration " + i + " of seed " + seed);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void countsTrain(IUpdater optimizer) {
        DataSet data = counts(1);
        MultiLayerNetwork net = network(1, optimizer);
        double before = net.score(data);
        for (int i = 0; i < 100; i++) {
            net.fit(data);
        }
        double rest = GaussNewton.report(net).orElseThrow().lossBefore();
        assertTrue(rest < before - 10, "loss from " + before + " to " + rest);
    }

    private static DataSet counts(int seed) {
        Random random = new Random(seed);
        INDArray x = normal(seed, 1.0, EXAMPLES, 4);
        INDArray y = Nd4j.create(DataType.DOUBLE, EXAMPLES, 1);
        for (int i = 0; i < EXAMPLES; i++) {
            y.putScalar(i, x.getDouble(i, 0) > 0 ? 0 : 5 + random.nextInt(30));
        }
        return new DataSet(x.castTo(DataType.FLOAT), y.castTo(DataType.FLOAT));
    }

    private static MultiLayerNetwork network(int seed, IUpdater optimizer) {
        return GaussNewton.attach(new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(seed)
                .dataType(DataType.FLOAT)
                .updater(optimizer)
                .activation(Activation.TANH)
                .list()
                .layer(new DenseLayer.Builder().nIn(4).nOut(16).build())
                .layer(new OutputLayer.Builder(LossFunction.POISSON)
                        .nIn(16)
                        .nOut(1)
                        .activation(Activation.SOFTPLUS)
                        .build())
                .build()));
    }
}
