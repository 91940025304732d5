package org.dl4jgn.gram;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Solves (H + λI)Δ = −g + a through a matrix of its own, with buffers for one size that serve point after point: {@link
 * #load} at a point, {@link #factor} for each λ, then any number of solutions. None of these allocates native memory.
 *
 * <p>What users of a point are given is an {@link OpenSystem}, which keeps to that order by itself.
 */
interface ExactSystem extends Loadable {

    /** Takes in what does not depend on λ; a factor of a point before is gone then. */
    @Override
    void load();

    /**
     * Forms the matrix for P, or takes what was kept of one at this point, and factors it.
     *
     * @return false if it is not numerically positive definite
     */
    boolean factor(DampedDiagonal p);

    /** The P of the last {@link #factor} at this point, or null. */
    @Nullable
    DampedDiagonal factored();

    /** Whether {@link #factor} and {@link #solve} take the model to stand at the point, and not only what was loaded there. */
    boolean needsModel(DampedDiagonal p, @Nullable INDArray addend);

    /**
     * Writes Δ = (H + λI)⁻¹(−g + a) for the last P.
     *
     * @param addend a, [d], or null for zero
     * @param delta [d]; overwritten, and not an argument of its own
     * @return false if a number is not finite; {@code delta} is then of no use
     */
    boolean solve(@Nullable INDArray addend, INDArray delta);

    /**
     * {@code result ← factor·(H + λI)⁻¹v} for the last P.
     *
     * @param result [d]; may be {@code v}, and no other argument of its own
     * @return false if a number is not finite
     */
    boolean multiplyInverse(double factor, INDArray v, INDArray result);

    /** {@code delta ← delta + (H + λI)⁻¹·residual} for the last P; both [d]. */
    void correct(INDArray residual, INDArray delta);
}
