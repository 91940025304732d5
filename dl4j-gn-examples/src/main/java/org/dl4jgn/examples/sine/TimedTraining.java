package org.dl4jgn.examples.sine;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/**
 * Trains a network through {@code fit(iterator)}, epoch by epoch, until its budget is spent.
 *
 * <p>The clock runs inside {@code fit} only: shuffling the data and testing do not count, for any optimizer.
 */
public final class TimedTraining {

    /** Examples in a mini-batch. */
    public static final int BATCH = 1_000;

    private static final double NANOS_PER_SECOND = 1e9;

    private final SineData data;
    private final DataSet test;
    private final long orderSeed;
    private final int frequency;

    /**
     * Prepares training runs.
     *
     * @param orderSeed decides the order of the data in every epoch, the same for all networks
     * @param frequency epochs from one test to the next, at least 1
     */
    public TimedTraining(SineData data, long orderSeed, int frequency) {
        if (frequency < 1) {
            throw new IllegalArgumentException("frequency is " + frequency + ", but must be at least 1");
        }
        this.data = data;
        this.test = data.test();
        this.orderSeed = orderSeed;
        this.frequency = frequency;
    }

    /** Mean loss of {@code net} over all data to train with. */
    public double trainLoss(MultiLayerNetwork net) {
        return net.score(data.train(), false);
    }

    /**
     * Trains {@code net}; ends before the budget does if the test loss is no longer a finite number.
     *
     * @param watcher is told of every point of the curve as it is found
     */
    public Curve run(MultiLayerNetwork net, Budget budget, Consumer<Curve.Point> watcher) {
        List<Curve.Point> points = new ArrayList<>();
        int epoch = 0;
        long nanos = 0;
        boolean done = false;
        while (!done) {
            DataSetIterator batches = new ExistingDataSetIterator(data.batches(BATCH, orderSeed + epoch));
            long start = System.nanoTime();
            net.fit(batches);
            nanos += System.nanoTime() - start;
            epoch++;
            done = budget.isSpent(epoch, nanos / NANOS_PER_SECOND);
            if (done || epoch % frequency == 0) {
                Curve.Point point = new Curve.Point(epoch, nanos / NANOS_PER_SECOND, net.score(test, false));
                points.add(point);
                watcher.accept(point);
                done |= !Double.isFinite(point.testLoss());
            }
        }
        return new Curve(points);
    }
}
