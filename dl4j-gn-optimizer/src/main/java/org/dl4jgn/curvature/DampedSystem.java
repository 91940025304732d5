package org.dl4jgn.curvature;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Solves (H + λI)Δ = −g + λm exactly, with H = (1/b)JᵀQJ + D, at the point where its network was linearized last.
 *
 * <p>Implementations differ in the matrix that they form, and give the same Δ.
 */
public interface DampedSystem extends AutoCloseable {

    /** Takes in what does not depend on λ; once after each linearization, before {@link #solve}. */
    void linearize();

    /** As {@link #solve(double, INDArray, INDArray)} with m = 0. */
    default boolean solve(double lambda, INDArray delta) {
        return solve(lambda, null, delta);
    }

    /**
     * Writes Δ.
     *
     * @param lambda λ > 0
     * @param memory m, [d], in working order; null for zero
     * @param delta [d], in working order; overwritten, with nothing of use if the result is false
     * @return false if the matrix is not numerically positive definite: raise λ
     */
    boolean solve(double lambda, @Nullable INDArray memory, INDArray delta);

    /**
     * {@code delta ← delta + (H + λI)⁻¹·residual}, as exactly as the matrix was factored by the last {@link #solve}. With
     * the residual −g + λm − (H + λI)Δ this improves Δ (iterative refinement).
     *
     * @param residual [d], in working order
     * @param delta [d], in working order
     */
    void correct(INDArray residual, INDArray delta);

    /** Rows of the matrix that is factored. */
    long size();

    /** Bytes that the system allocated. */
    long bytes();

    @Override
    void close();
}
