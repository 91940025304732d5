package org.dl4jgn.linalg;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Direct solution of Ax = y for dense symmetric positive definite matrices, by Cholesky.
 *
 * <p>What a solver needs beside A it allocates at the first matrix of a size and keeps until it is closed.
 */
public interface SpdSolver extends AutoCloseable {

    /**
     * Factors {@code a}, which is overwritten and must stay as it is then until the last {@link #solve}. Cost n³/3.
     *
     * @param a A, [n, n], c order, no view; only the lower triangle, column ≤ row, is read
     * @return false if a pivot was not positive: A is not numerically positive definite, and the factor is of no use
     */
    boolean factor(INDArray a);

    /**
     * Solves with the last factor.
     *
     * @param y [n] or [n, 1], overwritten by x
     */
    void solve(INDArray y);

    /** Bytes that the solver holds. */
    long bytes();

    @Override
    void close();

    /**
     * The fastest solver that the backend offers: LAPACK of the OpenBLAS that ND4J's CPU backend brings, where it
     * {@link OpenBlas is right}, else what ND4J itself offers on every backend.
     */
    static SpdSolver create() {
        if (!OpenBlasCholesky.isAvailable()) {
            return portable();
        }
        return OpenBlas.solvesTriangles() ? new OpenBlasCholesky() : new BlockedCholesky();
    }

    /** Bytes that the solver of {@link #create} takes for a matrix of n rows, with elements of {@code width} bytes. */
    static long bytes(long n, int width) {
        return OpenBlasCholesky.isAvailable() ? 0 : Nd4jCholesky.bytes(n, width);
    }

    /** The solver that every backend has, whatever {@link #create} would choose. */
    static SpdSolver portable() {
        return new Nd4jCholesky();
    }
}
