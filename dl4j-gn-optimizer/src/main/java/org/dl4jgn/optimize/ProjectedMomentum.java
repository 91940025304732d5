package org.dl4jgn.optimize;

import java.util.Objects;
import org.dl4jgn.linalg.Buffers;
import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.problem.Point;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Projected momentum: with Δ' the direction of the last accepted step,
 *
 * <pre>Δ = argmin gᵀΔ + ½ΔᵀHΔ + ½λ‖Δ − μΔ'‖²     ⇔     (H + λI)Δ = −g + λμΔ'     ⇔     (H + λI)(Δ − μΔ') = −(g + μHΔ').</pre>
 *
 * What this mini-batch knows is set anew; what it says nothing of stays, times μ (SPRING: Goldshlager, Abrahamsen and Lin
 * 2024). The last form is for conjugate gradients, which start from zero then, that is from μΔ'; few of their iterations are
 * enough. Cost: one vector in the state, and one product with H a step there.
 *
 * <p>Δ' changes only with an accepted step. A step that follows a rejected one, or one that was taken back, goes on from
 * nothing.
 */
final class ProjectedMomentum implements AutoCloseable {

    private final double mu;
    private final Buffers buffers = new Buffers();
    private final DataType type;
    private final long dimension;
    private final INDArray work;
    private @Nullable INDArray last;
    private @Nullable INDArray memory;
    private boolean isMemoryKnown;

    /** μ ≥ 0, or 0 for none. */
    ProjectedMomentum(double mu, DataType type, long dimension) {
        this.mu = mu;
        this.type = type;
        this.dimension = dimension;
        work = buffers.allocate(type, mu > 0 ? dimension : 1);
    }

    /** Finds Δ' in the state, where it has to stay until the next call; false if there is none. */
    boolean recall(TrainingState state) {
        boolean isThere = mu > 0 && state.remembersDirection() && state.rejections() == 0;
        last = isThere ? state.lastDirection() : null;
        isMemoryKnown = false;
        return isThere;
    }

    /** Whether there is a memory in this step. */
    boolean isActive() {
        return last != null;
    }

    /** μΔ', where there is one; this object's own. */
    INDArray memory() {
        INDArray from = Objects.requireNonNull(last, "no memory in this step");
        if (memory == null) {
            // for conjugate gradients alone
            memory = buffers.allocate(type, dimension);
        }
        if (!isMemoryKnown) {
            Vectors.copy(from, memory);
            Vectors.scale(mu, memory);
            isMemoryKnown = true;
        }
        return memory;
    }

    /** g + μHΔ', at the cost of a product; a vector of this object. */
    INDArray linearTerm(Point at) {
        at.gaussNewton().apply(memory(), work);
        Vectors.axpy(1.0, at.gradient(), work);
        return work;
    }

    /** λμΔ', or null for none; a vector of this object. */
    @Nullable
    INDArray addend(double lambda) {
        if (last == null) {
            return null;
        }
        Vectors.copy(last, work);
        Vectors.scale(lambda * mu, work);
        return work;
    }

    /** Δ ← Δ + μΔ'. */
    void addMemory(INDArray delta) {
        if (last != null) {
            Vectors.axpy(mu, last, delta);
        }
    }

    /** Δᵀ(H + λI)Δ of a solution with the slope gᵀΔ: (H + λI)Δ = s − g + λμΔ' for the residual s, which is zero if it is null. */
    double dampedCurvature(double slope, double lambda, INDArray delta, @Nullable INDArray residual) {
        double remembered = last == null ? 0 : mu * Vectors.dot(last, delta);
        return (residual == null ? 0 : Vectors.dot(residual, delta)) - slope + lambda * remembered;
    }

    /** vᵀHΔ of a solution, for a v with the slope gᵀv: HΔ = s − g − λ(Δ − μΔ'). */
    double curvature(double slope, double lambda, INDArray delta, @Nullable INDArray residual, INDArray v) {
        return dampedCurvature(slope, lambda, v, residual) - lambda * Vectors.dot(delta, v);
    }

    /** v ← v − μΔ'. */
    void subtractMemory(INDArray v) {
        if (last != null) {
            Vectors.axpy(-mu, last, v);
        }
    }

    @Override
    public void close() {
        buffers.close();
    }
}
