package org.dl4jgn.examples.sine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Points of a noisy sine: y = sin(10x) + N(0, {@value #NOISE}²), x uniform in (−1, 1); features and labels [n, 1]. */
public final class SineData {

    /** Number of points to train with. */
    public static final int TRAIN = 7_000;

    /** Number of points to test with. */
    public static final int TEST = 3_000;

    /** Standard deviation of the noise; its square is the smallest mean squared error that a network can generalize to. */
    public static final double NOISE = 0.01;

    private final double[] x;
    private final double[] y;
    private final DataType type;

    private SineData(double[] x, double[] y, DataType type) {
        this.x = x;
        this.y = y;
        this.type = type;
    }

    /** Draws all points; the same seed draws the same points. */
    public static SineData generate(long seed, DataType type) {
        Random random = new Random(seed);
        double[] x = new double[TRAIN + TEST];
        double[] y = new double[TRAIN + TEST];
        for (int i = 0; i < x.length; i++) {
            x[i] = 2 * random.nextDouble() - 1;
            y[i] = Math.sin(10 * x[i]) + NOISE * random.nextGaussian();
        }
        return new SineData(x, y, type);
    }

    /** All points to train with. */
    public DataSet train() {
        return new DataSet(column(Arrays.copyOf(x, TRAIN)), column(Arrays.copyOf(y, TRAIN)));
    }

    /** All points to test with. */
    public DataSet test() {
        return new DataSet(
                column(Arrays.copyOfRange(x, TRAIN, x.length)), column(Arrays.copyOfRange(y, TRAIN, x.length)));
    }

    /** The points to train with, in an order that the seed decides, in mini-batches; the last may be smaller. */
    public List<DataSet> batches(int size, long orderSeed) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < TRAIN; i++) {
            order.add(i);
        }
        Collections.shuffle(order, new Random(orderSeed));
        List<DataSet> batches = new ArrayList<>();
        for (int from = 0; from < TRAIN; from += size) {
            List<Integer> rows = order.subList(from, Math.min(TRAIN, from + size));
            batches.add(new DataSet(column(pick(x, rows)), column(pick(y, rows))));
        }
        return batches;
    }

    private static double[] pick(double[] from, List<Integer> rows) {
        return rows.stream().mapToDouble(row -> from[row]).toArray();
    }

    private INDArray column(double[] values) {
        return Nd4j.createFromArray(values).reshape(values.length, 1).castTo(type);
    }
}
