package org.dl4jgn.optimize;

import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.problem.Kinks;
import org.dl4jgn.problem.Problem;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Where a step's length is looked for; all arrays stay the caller's.
 *
 * @param problem the loss
 * @param base θ
 * @param delta Δ
 * @param next overwritten; θ + αΔ
 */
record Line(Problem problem, INDArray base, INDArray delta, INDArray next) {

    /** {@code next ← θ + αΔ}, or the nearest point that a problem with kinks allows. */
    void moveTo(double length) {
        Vectors.copy(base, next);
        Vectors.axpy(length, delta, next);
        Kinks kinks = problem.kinks();
        if (kinks != null) {
            kinks.confine(next);
        }
    }

    /** Whether {@code next}, at that length, is the base to the bit: the move was lost in rounding. It is not changed. */
    boolean isAtBase(double length) {
        Vectors.axpy(-1.0, base, next);
        boolean isSame = Vectors.norm1(next) == 0;
        moveTo(length);
        return isSame;
    }
}
