package org.dl4jgn.gram;

import org.dl4jgn.linalg.Buffers;
import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.plan.Program;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The matrix of a system, which its factorization uses up; with a copy of what was formed, where other λ are to follow at the
 * same point.
 */
final class FormedMatrix {

    private final INDArray matrix;
    private final INDArray diagonal;
    private final @Nullable INDArray copy;
    private boolean isKept;

    /**
     * A matrix of zeros.
     *
     * @param keeps whether there is to be a copy
     */
    FormedMatrix(Buffers buffers, DataType type, long n, boolean keeps) {
        matrix = buffers.allocate(type, n, n);
        diagonal = Nd4j.create(matrix.data(), new long[] {n}, new long[] {n + 1}, 0, 'c');
        copy = keeps ? buffers.allocate(type, n, n) : null;
    }

    /** Bytes of the copy. */
    static long bytesOfCopy(long n, int width, boolean keeps) {
        return keeps ? width * n * n : 0;
    }

    /** [n, n], to be formed and used up. */
    INDArray matrix() {
        return matrix;
    }

    /** Its diagonal, [n]; a live view. */
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

    /** Runs the program that forms the matrix, and keeps what it formed, if this matrix keeps anything. */
    void form(Program assemble) {
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
