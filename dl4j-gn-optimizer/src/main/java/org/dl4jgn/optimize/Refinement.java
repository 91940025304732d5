package org.dl4jgn.optimize;

import org.dl4jgn.linalg.Buffers;
import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.problem.DampedSystem;
import org.dl4jgn.problem.Point;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Iterative refinement: makes the solution of a system that was factored in float32 as good as the problem's own products
 * with H, by corrections from its residual −g + a − (H + λI)Δ.
 *
 * <p>One product with H for each residual and as much for each correction. An error of the factorization is reduced by
 * about its own size every time, so one correction is the usual case, and three do not help where none did.
 */
final class Refinement implements AutoCloseable {

    /** ‖residual‖₂/‖g‖₂ of a solution that is accurate: what float32 products leave of a well-conditioned system. */
    static final double ACCURATE = 1e-5;

    private static final int CORRECTIONS = 3;

    /** No refinement: a factorization in float64 is not tested. */
    static final Result NONE = new Result(0, Double.NaN, true);

    private final Buffers buffers = new Buffers();
    private final INDArray residual;

    Refinement(DataType type, long dimension) {
        residual = buffers.allocate(type, dimension);
    }

    /**
     * What came of it.
     *
     * @param corrections number of corrections
     * @param residual ‖(H + λI)Δ + g − a‖∞ in the end
     * @param isAccurate whether that is as small as it should be
     */
    record Result(int corrections, double residual, boolean isAccurate) {}

    /** Corrects {@code delta}, the solution of {@code system} for {@code lambda} and the addend a, null for zero. */
    Result refine(Point at, DampedSystem system, double lambda, @Nullable INDArray addend, INDArray delta) {
        double bound = ACCURATE * Vectors.norm2(at.gradient());
        int corrections = 0;
        double norm = computeResidual(at, lambda, addend, delta);
        while (norm > bound && corrections < CORRECTIONS) {
            Vectors.scale(-1.0, residual);
            system.correct(residual, delta);
            corrections++;
            norm = computeResidual(at, lambda, addend, delta);
        }
        return new Result(corrections, Vectors.normInf(residual), norm <= bound);
    }

    /** residual ← (H + λI)Δ + g − a; returns its norm. */
    private double computeResidual(Point at, double lambda, @Nullable INDArray addend, INDArray delta) {
        at.gaussNewton().apply(delta, residual);
        Vectors.axpy(lambda, delta, residual);
        Vectors.axpy(1.0, at.gradient(), residual);
        if (addend != null) {
            Vectors.axpy(-1.0, addend, residual);
        }
        return Vectors.norm2(residual);
    }

    @Override
    public void close() {
        buffers.close();
    }
}
