package org.dl4jgn.plan;

import org.dl4jgn.ops.RecurrentCell;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The arrays of a {@link org.dl4jgn.ops.Recurrence}, whose rows are the steps of the examples, one example behind the other.
 *
 * @param cell what happens at a step
 * @param steps T
 * @param q [b·T, n·blocks]
 * @param weights [n, n·blocks]
 * @param peepholes [n, 3] or null
 * @param mask [b·T, 1] or null
 * @param firstOutput [b, n] or null for zero
 * @param firstCells [b, n] or null for zero
 * @param out h, factors, h of the step before, c, and c of the step before
 */
record RecurrenceArrays(
        RecurrentCell cell,
        long steps,
        INDArray q,
        INDArray weights,
        @Nullable INDArray peepholes,
        @Nullable INDArray mask,
        @Nullable INDArray firstOutput,
        @Nullable INDArray firstCells,
        INDArray[] out) {

    /** n. */
    long units() {
        return weights.size(0);
    }

    /** b. */
    long batch() {
        return q.size(0) / steps;
    }
}
