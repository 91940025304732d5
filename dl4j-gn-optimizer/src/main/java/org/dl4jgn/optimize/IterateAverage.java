package org.dl4jgn.optimize;

import org.dl4jgn.linalg.Buffers;
import org.dl4jgn.linalg.Vectors;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The average of the iterates that the network's parameters are, while steps go on from the last iterate:
 *
 * <pre>x ← x + w(θₜ − x),    w = (r + 1)/(t + r),</pre>
 *
 * which weighs θₜ by about tʳ: the average is of the last 1/(r + 1) of the training, however long that becomes. Polynomial
 * decay averaging of Shamir and Zhang (2013); it takes the noise of mini-batches out as a falling step length would, and
 * needs no end to fall to.
 *
 * <p>If somebody else changes the network's parameters, averaging begins anew from there. Cost: two passes over a vector, and
 * one vector in the state.
 */
final class IterateAverage implements AutoCloseable {

    private final Buffers buffers = new Buffers();
    private final INDArray mean;

    IterateAverage(DataType type, long dimension) {
        mean = buffers.allocate(type, dimension);
    }

    /** x, as the last {@link #take} left it. */
    INDArray mean() {
        return mean;
    }

    /**
     * Finds the iterate to go on from.
     *
     * @param x the network's parameters
     * @param theta overwritten by the last iterate; by x if that is not where the average was left
     */
    void load(INDArray x, TrainingState state, INDArray theta) {
        Vectors.copy(x, mean);
        boolean goesOn = state.averaged() > 0 && state.isFingerprint(mean);
        if (!goesOn || !state.isAllTrained()) {
            Vectors.copy(x, theta);
        }
        if (goesOn) {
            state.readTrained(state.iterate(), theta);
        } else {
            state.setAveraged(0);
        }
    }

    /**
     * Takes a new iterate in.
     *
     * @param power r
     * @param leastWeight w is at least this
     */
    void take(double power, double leastWeight, INDArray theta, TrainingState state) {
        double count = state.averaged() + 1.0;
        state.setAveraged(count);
        double weight = Math.min(1, Math.max(leastWeight, (power + 1) / (count + power)));
        Vectors.copy(theta, state.iterate());
        // what is not trained is no iterate: it stays as it is at the average
        state.forTrained(span -> {
            Vectors.scale(1 - weight, span.of(mean));
            Vectors.axpy(weight, span.of(theta), span.of(mean));
        });
    }

    /** x was written to the network, as it is here. */
    void written(TrainingState state) {
        state.setFingerprint(mean);
    }

    @Override
    public void close() {
        buffers.close();
    }
}
