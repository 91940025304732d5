package org.dl4jgn.optimize;

import org.dl4jgn.curvature.LinearizedNetwork;
import org.dl4jgn.linalg.Vectors;
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
final class IterateAverage {

    private final double power;
    private final LinearizedNetwork at;
    private final INDArray mean;

    IterateAverage(double power, LinearizedNetwork at) {
        this.power = power;
        this.at = at;
        mean = at.newVector();
    }

    /** θ of the network, just read, is the average: θ ← the last iterate. */
    void load(TrainingState state) {
        Vectors.copy(at.theta(), mean);
        if (state.averaged > 0 && Vectors.norm1(mean) == state.fingerprint) {
            Vectors.copy(state.iterate(), at.theta());
        } else {
            state.averaged = 0;
        }
    }

    /** θ is a new iterate: it enters the average, and θ ← the average. */
    void take(TrainingState state) {
        state.averaged++;
        double weight = Math.min(1, (power + 1) / (state.averaged + power));
        Vectors.copy(at.theta(), state.iterate());
        Vectors.scale(1 - weight, mean);
        Vectors.axpy(weight, at.theta(), mean);
        Vectors.copy(mean, at.theta());
    }

    /** θ was written to the network. */
    void written(TrainingState state) {
        state.fingerprint = Vectors.norm1(at.theta());
    }
}
