package org.dl4jgn.optimize;

import org.dl4jgn.curvature.DampedSystem;
import org.dl4jgn.curvature.LinearizedNetwork;
import org.dl4jgn.linalg.LinearOperator;
import org.dl4jgn.linalg.Vectors;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Iterative refinement: makes the solution of a system that was factored in float32 as good as the network's own products
 * with H, by corrections from its residual −g − (H + λI)Δ.
 *
 * <p>One product with H for each residual and as much for each correction. An error of the factorization is reduced by
 * about its own size every time, so one correction is the usual case, and three do not help where none did.
 */
final class Refinement {

    /** ‖residual‖₂/‖g‖₂ of a solution that is accurate: what float32 products leave of a well-conditioned system. */
    static final double ACCURATE = 1e-5;

    private static final int CORRECTIONS = 3;

    /** No refinement: a factorization in float64 is not tested. */
    static final Result NONE = new Result(0, Double.NaN, true);

    private final LinearizedNetwork at;
    private final INDArray residual;

    Refinement(LinearizedNetwork at) {
        this.at = at;
        residual = at.newVector();
    }

    /**
     * What came of it.
     *
     * @param corrections number of corrections
     * @param residual ‖(H + λI)Δ + g‖∞ in the end
     * @param isAccurate whether that is as small as it should be
     */
    record Result(int corrections, double residual, boolean isAccurate) {}

    /**
     * Corrects {@code delta}, the solution of {@code system} for {@code lambda}.
     *
     * @param memory m of (H + λI)Δ = −g + λm; null for zero
     */
    Result refine(DampedSystem system, double lambda, @Nullable INDArray memory, INDArray delta) {
        double bound = ACCURATE * Vectors.norm2(at.gradient());
        int corrections = 0;
        double norm = computeResidual(lambda, memory, delta);
        while (norm > bound && corrections < CORRECTIONS) {
            system.correct(residual, delta);
            corrections++;
            norm = computeResidual(lambda, memory, delta);
        }
        return new Result(corrections, Vectors.normInf(residual), norm <= bound);
    }

    /** residual ← −g + λm − (H + λI)Δ; returns its norm. */
    private double computeResidual(double lambda, @Nullable INDArray memory, INDArray delta) {
        LinearOperator h = at.gaussNewton();
        Vectors.copy(delta, h.input());
        h.apply();
        Vectors.copy(h.output(), residual);
        Vectors.axpy(lambda, delta, residual);
        if (memory != null) {
            Vectors.axpy(-lambda, memory, residual);
        }
        Vectors.axpy(1.0, at.gradient(), residual);
        Vectors.scale(-1.0, residual);
        return Vectors.norm2(residual);
    }
}
