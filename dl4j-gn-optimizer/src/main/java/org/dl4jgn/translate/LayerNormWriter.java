package org.dl4jgn.translate;

import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Writes a layer normalization (Ba, Kiros and Hinton 2016) as DL4J has it: (x − μ)/σ with the mean and the deviation of a row
 * itself, times a gain. Sums over a row and copies along it are products with vectors of ones.
 */
final class LayerNormWriter {

    /** Keeps rows whose elements are all the same from being divided by zero; they become zeros. */
    private static final double SMALLEST_VARIANCE = 1e-30;

    private LayerNormWriter() {}

    /**
     * Writes the normalization.
     *
     * @param x [rows, n]
     * @param gain [1, n]
     */
    static SDVariable write(SameDiff graph, SDVariable x, SDVariable gain, long rows, long n) {
        SDVariable average = graph.constant(Nd4j.valueArrayOf(new long[] {n, 1}, 1.0 / n, x.dataType()));
        SDVariable along = graph.constant(Nd4j.ones(x.dataType(), 1, n));
        SDVariable down = graph.constant(Nd4j.ones(x.dataType(), rows, 1));
        SDVariable centred = x.sub(graph.mmul(graph.mmul(x, average), along));
        SDVariable variance = graph.mmul(centred.mul(centred), average);
        SDVariable scale = graph.math().pow(variance.add(SMALLEST_VARIANCE), -0.5);
        return centred.mul(graph.mmul(scale, along)).mul(graph.mmul(down, gain));
    }
}
