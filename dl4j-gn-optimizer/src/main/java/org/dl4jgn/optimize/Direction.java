package org.dl4jgn.optimize;

import org.dl4jgn.curvature.NetworkProblem;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Where to go from a linearized network: a query, never applied by itself.
 *
 * <p>Implementations differ in how they solve (H + ρI)Δ = −h.
 */
interface Direction {

    /**
     * Computes the direction at the network's linearization point.
     *
     * @param at the network, linearized
     * @param damping ρ
     * @param state momentum, counters; changed only by {@link #commit}
     * @param delta Δ, [d] in working order, overwritten
     */
    Proposal propose(NetworkProblem at, double damping, TrainingState state, INDArray delta);

    /**
     * Takes into the state what the next direction builds on; called once a step, whatever came of it.
     *
     * @param delta the direction if it is valid, else null
     */
    void commit(TrainingState state, @Nullable INDArray delta);

    /** The direction's own settings react to the reduction ratio of an accepted step. */
    default void observe(double ratio, TrainingState state) {}

    /**
     * What the search needs to know of a direction.
     *
     * @param descent hᵀΔ, the slope that Armijo's condition uses; negative for a direction of descent
     * @param slope gᵀΔ
     * @param curvature Δᵀ(H + ρI)Δ
     * @param usable false if the solver failed before it had any direction
     * @param solve how it was found
     */
    record Proposal(double descent, double slope, double curvature, boolean usable, Solve solve) {

        /** The model's change of the loss for a step of length α: α·gᵀΔ + ½α²·Δᵀ(H + ρI)Δ. */
        double model(double alpha) {
            return alpha * slope + 0.5 * alpha * alpha * curvature;
        }
    }
}
