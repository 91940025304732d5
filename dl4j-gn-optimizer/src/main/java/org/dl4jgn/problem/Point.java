package org.dl4jgn.problem;

import java.util.List;
import java.util.Optional;
import org.dl4jgn.linalg.LinearOperator;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A problem linearized at a point θ: L, its gradient g, and H = (1/N)JᵀQJ + D ⪰ 0.
 *
 * <p>A query may be made in any order and any number of times, and none changes what another returns. A point that is no
 * longer valid (see {@link Problem#linearize}) says so with an {@link IllegalStateException}.
 */
public interface Point {

    /** L(θ), finite or not. */
    double value();

    /**
     * The least value that L is known to have anywhere, so that {@code value() − leastValue()} is what there is left to
     * gain at most; −∞ if nothing is known.
     */
    double leastValue();

    /** How far L can be off by the rounding of what it is computed of: differences below this mean nothing. */
    double rounding();

    /**
     * The mean curvature of the loss itself over the outputs: the mean of Q's diagonal where Q is diagonal, at most 1/c for
     * cross-entropy on a softmax of c classes.
     */
    double lossCurvature();

    /** g, [d]; the point's own, not to be changed, as long as the point is valid. */
    INDArray gradient();

    /** H. */
    LinearOperator gaussNewton();

    /**
     * Solves (H + ρI)Δ = −h roughly by means of its own, where a product is dear: with as much work as {@code iterations}
     * iterations of conjugate gradients have, or in fewer rounds.
     *
     * @param h [d], the linear term
     * @param rho ρ
     * @param delta Δ, [d]; overwritten if there is a solution
     * @return whether there is; false for a point that has no means but its products
     */
    default boolean solve(INDArray h, double rho, int iterations, INDArray delta) {
        return false;
    }

    /** The rows of which H − D is made, where they can be formed. */
    Optional<RowSpace> rowSpace();

    /** The factors of the rows layer by layer, where they have any; empty for none at all. */
    default List<LayerFactors> layerFactors() {
        return List.of();
    }
}
