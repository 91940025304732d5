package org.dl4jgn.bench.rivals;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.Sgd;

class GafTest {

    private static final double ROUNDING = 1e-12;

    static Stream<IUpdater> updaters() {
        return Stream.of(new Sgd(0.05), new Nesterovs(0.02, 0.9), new Adam(0.01));
    }

    /** With everything let in and equal micro-batches, the mean is the mini-batch's own gradient. */
    @ParameterizedTest
    @MethodSource("updaters")
    void withoutAFilterItIsDl4jsOwnOptimizer(IUpdater updater) {
        MultiLayerNetwork filtered = Problems.tanh(updater.clone(), 0.1);
        MultiLayerNetwork plain = Problems.tanh(updater.clone(), 0.1);
        Trainer gaf = new Gaf(filtered, 4, 2);
        Trainer own = Trainer.of(plain);
        for (int step = 0; step < 5; step++) {
            DataSet batch = Problems.batch(20, step);
            gaf.fit(batch);
            own.fit(batch);
            assertArrayEquals(plain.params().toDoubleVector(), filtered.params().toDoubleVector(), ROUNDING);
            assertEquals(plain.score(), filtered.score(), ROUNDING);
        }
        assertEquals(plain.getIterationCount(), filtered.getIterationCount());
    }

    /** The third of three examples contradicts the others. */
    @Test
    void contradictingExamplesAreLeftOut() {
        DataSet two = new DataSet(Nd4j.ones(2, 3).castTo(Nd4j.defaultFloatingPointType()), column(5, 7));
        DataSet three = new DataSet(Nd4j.ones(3, 3), column(5, 7, -9));
        MultiLayerNetwork filtered = Problems.linear(new Sgd(0.1), 0);
        MultiLayerNetwork plain = Problems.linear(new Sgd(0.1), 0);
        new Gaf(filtered, 3, 0.9).fit(three);
        plain.fit(two);
        assertArrayEquals(plain.params().toDoubleVector(), filtered.params().toDoubleVector(), ROUNDING);
    }

    @Test
    void nothingIsUpdatedWhereNoneAgree() {
        MultiLayerNetwork net = Problems.linear(new Nesterovs(0.1, 0.9), 0.1);
        INDArray before = net.params().dup();
        new Gaf(net, 2, 0.9).fit(new DataSet(Nd4j.ones(2, 3), column(9, -9)));
        new Gaf(net, 2, 0.9).fit(Problems.batch(1, 1));
        assertEquals(before, net.params());
        assertEquals(2, net.getIterationCount());
    }

    @Test
    void batchesThatDoNotDivideEvenlyAreUsedToTheLastExample() {
        MultiLayerNetwork net = Problems.tanh(new Sgd(0.1), 0);
        List<DataSet> batches = List.of(Problems.batch(11, 1), Problems.batch(2, 2), Problems.batch(101, 3));
        Gaf gaf = new Gaf(net, 4, 1);
        for (DataSet batch : batches) {
            double score = net.score(batch, true);
            gaf.fit(batch);
            assertEquals(score, net.score(), ROUNDING);
        }
    }

    @Test
    void learns() {
        MultiLayerNetwork net = Problems.tanh(new Nesterovs(0.05, 0.9), 0);
        DataSet batch = Problems.batch(64, 1);
        Gaf gaf = new Gaf(net, 4, 0.95);
        double start = net.score(batch);
        for (int step = 0; step < 100; step++) {
            gaf.fit(batch);
        }
        assertTrue(net.score(batch) < 0.3 * start, net.score(batch) + " from " + start);
    }

    @ParameterizedTest
    @CsvSource({"1, 0.9, microBatches", "2, 0, threshold", "2, 2.1, threshold", "2, NaN, threshold"})
    void wrongSettingsAreNamed(int microBatches, double threshold, String name) {
        MultiLayerNetwork net = Problems.linear(new Sgd(0.1), 0);
        Exception e = assertThrows(IllegalArgumentException.class, () -> new Gaf(net, microBatches, threshold));
        assertTrue(e.getMessage().startsWith(name), e.getMessage());
    }

    private static INDArray column(double... values) {
        return Nd4j.createFromArray(values).reshape(values.length, 1);
    }
}
