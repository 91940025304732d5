package org.dl4jgn.optimize;

import org.dl4jgn.linalg.Vectors;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Momentum on a vector v, with bias correction: m ← βm + (1 − β)v and m̂ = m/(1 − βᵗ) in step t.
 *
 * <p>The average m lives in the training state and changes only when a step is committed.
 */
final class Momentum {

    private final double beta;
    private final INDArray next;

    Momentum(double beta, INDArray room) {
        this.beta = beta;
        this.next = room;
    }

    /** Writes m̂ with {@code v} taken in to {@code corrected}. */
    void average(INDArray v, TrainingState state, INDArray corrected) {
        Vectors.copy(state.vector(0), next);
        Vectors.scale(beta, next);
        Vectors.axpy(1 - beta, v, next);
        Vectors.copy(next, corrected);
        Vectors.scale(1 / (1 - Math.pow(beta, state.steps + 1.0)), corrected);
    }

    /** Takes the last average into the state. */
    void commit(TrainingState state) {
        Vectors.copy(next, state.vector(0));
    }

    /** Takes a zero into the state, for a step without a valid v; the bias correction counts it. */
    void skip(TrainingState state) {
        Vectors.scale(beta, state.vector(0));
    }
}
