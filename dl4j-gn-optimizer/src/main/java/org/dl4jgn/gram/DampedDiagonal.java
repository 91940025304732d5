package org.dl4jgn.gram;

import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.problem.Penalty;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * P = D + λI, the part of H + λI that is not made of rows, and Dθ, the part of g that is not.
 *
 * @param penalty what D is of, with the θ of the point; null for D = 0
 * @param lambda λ > 0
 */
record DampedDiagonal(DampedDiagonal.@Nullable PenaltyAt penalty, double lambda) {

    /** ½θᵀDθ at a point. */
    record PenaltyAt(Penalty penalty, INDArray theta) {}

    /** The element of P for a parameter. */
    double at(long index) {
        return penalty == null ? lambda : penalty.penalty.coefficientAt(index) + lambda;
    }

    /** {@code v ← P⁻¹v}. */
    void divide(INDArray v) {
        divide(1, v);
    }

    /** {@code v ← factor·P⁻¹v}. */
    void divide(double factor, INDArray v) {
        if (penalty == null) {
            scale(factor / lambda, v);
        } else {
            penalty.penalty.divideByDamped(v, lambda);
            scale(factor, v);
        }
    }

    private static void scale(double factor, INDArray v) {
        if (factor != 1) {
            Vectors.scale(factor, v);
        }
    }

    /** Whether this P is {@code other}'s, wherever their θ are. */
    boolean isSameMatrixAs(@Nullable DampedDiagonal other) {
        return other != null && lambda == other.lambda && penaltyAlone() == other.penaltyAlone();
    }

    private @Nullable Penalty penaltyAlone() {
        return penalty == null ? null : penalty.penalty;
    }

    /** Whether Dθ is certainly zero. */
    boolean isWithoutPenalty() {
        return penalty == null;
    }

    /** {@code v ← v + Dθ}. */
    void addPenaltyGradient(INDArray v) {
        if (penalty != null) {
            penalty.penalty.addProduct(penalty.theta, v);
        }
    }
}
