package org.dl4jgn.gram;

import org.dl4jgn.linalg.Buffers;
import org.dl4jgn.linalg.Vectors;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The matrix of a system, which its factorization uses up; with a copy of what was formed, where other λ are to follow at the
 * same point.
 */
final class FormedMatrix {

    private final INDArray all;
    private final @Nullable INDArray copyOfAll;
    private INDArray matrix;
    private INDArray diagonal;
    private @Nullable INDArray copy;
    private boolean isKept;

    /**
     * A matrix of zeros.
     *
     * @param n rows that there are at most
     * @param keeps whether there is to be a copy
     */
    FormedMatrix(Buffers buffers, DataType type, long n, boolean keeps) {
        all = buffers.allocate(type, n, n);
        copyOfAll = keeps ? buffers.allocate(type, n, n) : null;
        matrix = all;
        copy = copyOfAll;
        diagonal = diagonalOf(all);
    }

    private static INDArray diagonalOf(INDArray matrix) {
        long n = matrix.size(0);
        return Nd4j.create(matrix.data(), new long[] {n}, new long[] {n + 1}, 0, 'c');
    }

    /** Makes it a matrix of n rows, in the first n² elements of its memory; what was formed is gone. */
    void resize(long n) {
        forget();
        if (n != matrix.size(0)) {
            matrix = front(all, n);
            copy = copyOfAll == null ? null : front(copyOfAll, n);
            diagonal = diagonalOf(matrix);
        }
    }

    private static INDArray front(INDArray all, long n) {
        return Nd4j.create(all.data(), new long[] {n, n}, new long[] {n, 1}, 0, 'c');
    }

    /** Bytes of the copy. */
    static long bytesOfCopy(long n, int width, boolean keeps) {
        return keeps ? width * n * n : 0;
    }

    /** [n, n], to be formed and used up. */
    INDArray matrix() {
        return matrix;
    }

    /** The matrix with all rows that there can be, on the same memory. */
    INDArray all() {
        return all;
    }

    /** Its diagonal, [n]; a live view, until the next {@link #resize}. */
    INDArray diagonal() {
        return diagonal;
    }

    /** At another point something else is formed. */
    void forget() {
        isKept = false;
    }

    /** Whether {@link #restore} has something to restore. */
    boolean isKept() {
        return isKept;
    }

    /** Lets the matrix be formed, and keeps what it is then, if this matrix keeps anything. */
    void form(Runnable assemble) {
        assemble.run();
        if (copy != null) {
            Vectors.copy(matrix, copy);
            isKept = true;
        }
    }

    /** Makes the matrix what was formed last, times a factor. */
    void restore(double factor) {
        if (copy == null || !isKept) {
            throw new IllegalStateException("No matrix was kept at this point");
        }
        Vectors.copy(copy, matrix);
        if (factor != 1) {
            Vectors.scale(factor, matrix);
        }
    }
}
