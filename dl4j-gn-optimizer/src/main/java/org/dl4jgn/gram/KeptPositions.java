package org.dl4jgn.gram;

import org.dl4jgn.linalg.HostMatrix;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Sums over the positions of a layer that shares its weights, Σₚ xₚ ⊗ δₚ, for the rows that count alone: one product each.
 *
 * @param delta the cotangents of all rows, [rows, positions·m], from the start of their memory
 * @param group rows of an example
 * @param positions positions of an example
 * @param m elements of a position's cotangent
 */
record KeptPositions(KeptGram gram, INDArray delta, long group, long positions, long m) {

    /**
     * Writes the sums, times a factor, for some elements of x, one row that counts after the other.
     *
     * @param x what the positions' cotangents are multiplied with, [positions, width] for each example
     * @param ofExample elements of x from an example to the next; 0 where all have the same
     * @param from first element of a position's
     * @param count how many of them
     * @param sums [k, count·m], from the start of its memory; overwritten
     */
    void sum(double factor, INDArray x, long ofExample, long width, long from, long count, INDArray sums) {
        HostMatrix inputs = new HostMatrix(x);
        HostMatrix cotangents = new HostMatrix(delta);
        HostMatrix target = new HostMatrix(sums);
        for (int i = 0; i < gram.size(); i++) {
            long row = gram.row(i);
            HostMatrix.multiply(
                    factor,
                    inputs.part(row / group * ofExample + from, width).transposed(),
                    cotangents.part(row * positions * m, m),
                    0,
                    target.part(i * count * m, m),
                    count,
                    positions,
                    m);
        }
    }
}
