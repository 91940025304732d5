package org.dl4jgn.problem;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Solves (H + λI)Δ = −g + a exactly at one point.
 *
 * <p>Implementations differ in the matrix that they form, and give the same Δ.
 */
public interface DampedSystem {

    /**
     * Writes Δ.
     *
     * @param lambda λ > 0
     * @param addend a, [d], or null for zero: what momentum adds to the right-hand side
     * @param delta [d]; overwritten, with nothing of use if the result is false
     * @return false if the matrix is not numerically positive definite: raise λ
     */
    boolean solve(double lambda, @Nullable INDArray addend, INDArray delta);

    /**
     * {@code result ← factor·(H + λI)⁻¹v}, of the matrix that was factored last if that is for the same λ.
     *
     * @param lambda λ > 0
     * <p>This default solves for λ first and corrects zero; whoever has the factor at hand does less.
     *
     * @param v [d]
     * @param result [d]; may be {@code v}
     * @return false if the matrix is not numerically positive definite: raise λ; {@code result} is of no use then
     */
    default boolean multiplyInverse(double lambda, double factor, INDArray v, INDArray result) {
        INDArray residual = v == result ? v.dup() : v;
        if (!solve(lambda, null, result)) {
            return false;
        }
        result.assign(0.0);
        correct(residual, result);
        result.muli(factor);
        return true;
    }

    /**
     * {@code delta ← delta + (H + λI)⁻¹·residual}, as exactly as the matrix was factored by the last {@link #solve}, for its
     * λ. With the residual −g + a − (H + λI)Δ this improves Δ (iterative refinement).
     *
     * @param residual [d]
     * @param delta [d]
     */
    void correct(INDArray residual, INDArray delta);
}
