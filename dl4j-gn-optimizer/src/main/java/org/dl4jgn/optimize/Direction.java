package org.dl4jgn.optimize;

import java.util.Optional;
import org.dl4jgn.problem.Point;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Where to go from a linearized problem: a query, never applied by itself.
 *
 * <p>Implementations differ in how they solve (H + ρI)Δ = −h. A direction owns its buffers, which are made once. To add
 * one, implement this, with settings that extend {@link org.dl4jgn.conf.GaussNewtonUpdater}, and {@linkplain
 * Directions#register register} it; what it remembers from step to step, its settings declare.
 */
public interface Direction extends AutoCloseable {

    /**
     * Computes the direction.
     *
     * @param at the problem, linearized
     * @param damping ρ
     * @param state momentum, counters; changed only by {@link #commit} and {@link #observe}
     * @param delta Δ, [d], overwritten
     */
    Proposal propose(Point at, double damping, TrainingState state, INDArray delta);

    /**
     * The vector whose product with H is what {@link #propose} will ask for first, whatever the gradient is. Empty if there is none.
     * Valid until the next proposal.
     */
    default Optional<INDArray> firstProduct(TrainingState state) {
        return Optional.empty();
    }

    /**
     * How the direction that was proposed last depends on its damping; for rules that {@linkplain
     * org.dl4jgn.conf.Damping#isSensed ask}. Empty if it is not known. Valid until the next proposal.
     */
    default Optional<Sensitivity> sensitivity() {
        return Optional.empty();
    }

    /**
     * What less damping would add to a direction.
     *
     * @param change w, [d], best in the state's own room for it, a positive multiple of −∂Δ/∂ln ρ, or of a difference
     * @param slope gᵀw
     * @param curvature wᵀHΔ
     */
    record Sensitivity(INDArray change, double slope, double curvature) {

        /** The model's slope along w where a step of length α leads. */
        double slopeAt(double alpha) {
            return slope + alpha * curvature;
        }
    }

    /**
     * Takes into the state what the next direction builds on; called once a step, whatever came of it.
     *
     * @param delta the direction if it is valid, else null
     */
    void commit(TrainingState state, @Nullable INDArray delta);

    /** The direction's own settings react to the reduction ratio of an accepted step; called before {@link #commit}. */
    default void observe(double ratio, TrainingState state) {}

    @Override
    void close();

    /**
     * What the search needs to know of a direction.
     *
     * @param descent hᵀΔ, the slope that Armijo's condition uses; negative for a direction of descent
     * @param slope gᵀΔ
     * @param curvature Δᵀ(H + ρI)Δ
     * @param usable false if the solver failed before it had any direction. A direction that is usable and zero says that
     *     zero solves the system, as far as the solver was asked to
     * @param solve how it was found
     */
    record Proposal(double descent, double slope, double curvature, boolean usable, Solve solve) {

        /** The model's change of the loss for a step of length α: α·gᵀΔ + ½α²·Δᵀ(H + ρI)Δ. */
        double model(double alpha) {
            return alpha * slope + 0.5 * alpha * alpha * curvature;
        }

        /** The same without damping: with ΔᵀHΔ, which is the curvature without ρ‖Δ‖². */
        double undampedModel(double alpha, double directionNorm) {
            return alpha * slope + 0.5 * alpha * alpha * undampedCurvature(directionNorm);
        }

        private double undampedCurvature(double directionNorm) {
            return Math.max(0, curvature - solve.damping() * directionNorm * directionNorm);
        }

        /** Where the {@linkplain #undampedModel undamped model} is least: infinite without curvature, 0 without descent. */
        double lengthOfUndampedMinimum(double directionNorm) {
            return slope < 0 ? -slope / undampedCurvature(directionNorm) : 0;
        }
    }
}
