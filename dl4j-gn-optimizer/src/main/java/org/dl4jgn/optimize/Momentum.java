package org.dl4jgn.optimize;

import org.dl4jgn.linalg.Buffers;
import org.dl4jgn.linalg.Vectors;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Momentum on a vector v, with bias correction: m ← βm + (1 − β)v and m̂ = m/(1 − βᵗ) in step t.
 *
 * <p>The average m is the direction's vector {@value #SLOT} in the training state and changes only when a step is
 * committed.
 */
final class Momentum implements AutoCloseable {

    private static final String SLOT = "momentum";

    private final double beta;
    private final Buffers buffers = new Buffers();
    private final INDArray next;
    private final INDArray corrected;

    Momentum(double beta, DataType type, long dimension) {
        this.beta = beta;
        next = buffers.allocate(type, dimension);
        corrected = buffers.allocate(type, dimension);
    }

    /** m̂ with {@code v} taken in; valid until the next call. */
    INDArray average(INDArray v, TrainingState state) {
        Vectors.copy(state.direction().vector(SLOT), next);
        Vectors.scale(beta, next);
        Vectors.axpy(1 - beta, v, next);
        Vectors.copy(next, corrected);
        Vectors.scale(1 / (1 - Math.pow(beta, state.steps() + 1.0)), corrected);
        return corrected;
    }

    /** Takes the last average into the state. */
    void commit(TrainingState state) {
        Vectors.copy(next, state.direction().vector(SLOT));
    }

    /** Takes a zero into the state, for a step without a valid v; the bias correction counts it. */
    void skip(TrainingState state) {
        Vectors.scale(beta, state.direction().vector(SLOT));
    }

    @Override
    public void close() {
        buffers.close();
    }
}
