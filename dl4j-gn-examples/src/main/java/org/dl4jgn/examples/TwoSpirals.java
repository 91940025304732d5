package org.dl4jgn.examples;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;

/** A small classification problem, made on the spot: which of two intertwined spirals does a point of the plane lie on? */
final class TwoSpirals {

    private static final double TURNS = 1.5;
    private static final double NOISE = 0.02;

    private TwoSpirals() {}

    /** Mini-batches with features [size, 2] and one-hot labels [size, 2]; the same seed gives the same points. */
    static DataSetIterator batches(int count, int size, long seed) {
        Random random = new Random(seed);
        List<DataSet> batches = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            batches.add(draw(size, random));
        }
        return new ExistingDataSetIterator(batches);
    }

    private static DataSet draw(int size, Random random) {
        double[][] points = new double[size][];
        double[][] labels = new double[size][];
        for (int i = 0; i < size; i++) {
            int spiral = random.nextInt(2);
            double radius = 0.1 + 0.9 * random.nextDouble();
            double angle = 2 * Math.PI * TURNS * radius + Math.PI * spiral;
            points[i] = new double[] {
                radius * Math.cos(angle) + NOISE * random.nextGaussian(),
                radius * Math.sin(angle) + NOISE * random.nextGaussian()
            };
            labels[i] = new double[] {1 - spiral, spiral};
        }
        return new DataSet(Nd4j.create(points), Nd4j.create(labels));
    }
}
