package org.dl4jgn.plan;

import org.dl4jgn.ops.RecurrentCell;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The arrays of a {@link org.dl4jgn.ops.RecurrentTangent} or {@link org.dl4jgn.ops.RecurrentCotangent}.
 *
 * @param cell what happens at a step
 * @param steps T
 * @param in q̇, [b·T, n·blocks], or h̄, [b·T, n]
 * @param weights [n, n·blocks]
 * @param factors [b·T, n·factors]
 * @param peepholes [n, 3] or null
 * @param out ḣ, [b·T, n], or q̄, [b·T, n·blocks]
 */
record LoopArrays(
        RecurrentCell cell,
        long steps,
        INDArray in,
        INDArray weights,
        INDArray factors,
        @Nullable INDArray peepholes,
        INDArray out) {

    /** n. */
    long units() {
        return weights.size(0);
    }

    /** b. */
    long batch() {
        return in.size(0) / steps;
    }
}
