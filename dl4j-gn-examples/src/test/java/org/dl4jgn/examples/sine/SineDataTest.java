package org.dl4jgn.examples.sine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;

class SineDataTest {

    private final SineData data = SineData.generate(1, DataType.DOUBLE);

    @Test
    void pointsLieOnTheSineUpToTheNoise() {
        double[] x = features(data.train());
        double[] y = data.train().getLabels().toDoubleVector();
        double squares = 0;
        for (int i = 0; i < x.length; i++) {
            assertTrue(-1 < x[i] && x[i] < 1);
            squares += Math.pow(y[i] - Math.sin(10 * x[i]), 2);
        }
        // the deviation of n normal numbers is known to about 1/√(2n) of itself: 1 % is a little over one sigma
        assertEquals(SineData.NOISE, Math.sqrt(squares / x.length), 0.05 * SineData.NOISE);
    }

    @Test
    void trainAndTestHaveNoPointInCommon() {
        double[] both = DoubleStream.concat(
                        DoubleStream.of(features(data.train())), DoubleStream.of(features(data.test())))
                .distinct()
                .toArray();
        assertEquals(SineData.TRAIN + SineData.TEST, both.length);
    }

    @Test
    void theSeedDecidesThePoints() {
        assertArrayEquals(
                features(data.train()),
                features(SineData.generate(1, DataType.DOUBLE).train()));
        assertFalse(Arrays.equals(
                features(data.train()),
                features(SineData.generate(2, DataType.DOUBLE).train())));
    }

    @Test
    void batchesOfAnEpochHoldEveryPointOnceWithItsLabel() {
        List<DataSet> batches = data.batches(1_500, 7);
        assertEquals(
                List.of(1_500, 1_500, 1_500, 1_500, 1_000),
                batches.stream().map(DataSet::numExamples).toList());
        DataSet merged = DataSet.merge(batches);
        assertArrayEquals(sorted(features(data.train())), sorted(features(merged)));
        double[] x = features(merged);
        double[] y = merged.getLabels().toDoubleVector();
        for (int i = 0; i < x.length; i++) {
            assertEquals(Math.sin(10 * x[i]), y[i], 6 * SineData.NOISE);
        }
    }

    @Test
    void theSeedDecidesTheOrder() {
        double[] first = features(data.batches(1_000, 7).get(0));
        assertArrayEquals(first, features(data.batches(1_000, 7).get(0)));
        assertFalse(Arrays.equals(first, features(data.batches(1_000, 8).get(0))));
    }

    private static double[] features(DataSet points) {
        return points.getFeatures().toDoubleVector();
    }

    private static double[] sorted(double[] values) {
        double[] copy = values.clone();
        Arrays.sort(copy);
        return copy;
    }
}
