package org.dl4jgn.optimize;

import org.dl4jgn.curvature.LinearizedNetwork;
import org.dl4jgn.linalg.LinearOperator;
import org.dl4jgn.linalg.Vectors;
import org.jspecify.annotations.Nullable;
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
 * <p>A step that follows a rejected one remembers nothing.
 */
final class ProjectedMomentum {

    private final double mu;
    private final INDArray memory;
    private final INDArray linear;
    private boolean isActive;

    ProjectedMomentum(double mu, LinearizedNetwork at) {
        this.mu = mu;
        memory = at.newVector();
        linear = at.newVector();
    }

    /** Takes μΔ' from the state; false if there is none. */
    boolean recall(TrainingState state) {
        isActive = state.remembers && state.rejections == 0;
        if (isActive) {
            Vectors.copy(state.lastDirection(), memory);
            Vectors.scale(mu, memory);
        }
        return isActive;
    }

    boolean isActive() {
        return isActive;
    }

    /** μΔ'. */
    INDArray memory() {
        return memory;
    }

    /** g + μHΔ', at the cost of a product; a vector of this object. */
    INDArray linearTerm(LinearizedNetwork at) {
        LinearOperator h = at.gaussNewton();
        Vectors.copy(memory, h.input());
        h.apply();
        Vectors.copy(at.gradient(), linear);
        Vectors.axpy(1.0, h.output(), linear);
        return linear;
    }

    /** Δ ← Δ + μΔ'. */
    void addMemory(INDArray delta) {
        Vectors.axpy(1.0, memory, delta);
    }

    /** ΔᵀHΔ of a solution: HΔ = s − g − λ(Δ − μΔ') for the residual s, which is zero if it is null. */
    double curvature(INDArray gradient, double lambda, INDArray delta, @Nullable INDArray residual) {
        return (residual == null ? 0 : Vectors.dot(residual, delta))
                - Vectors.dot(gradient, delta)
                - lambda * (Vectors.dot(delta, delta) - Vectors.dot(memory, delta));
    }
}
