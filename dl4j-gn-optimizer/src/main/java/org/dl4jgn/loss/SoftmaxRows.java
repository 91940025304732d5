package org.dl4jgn.loss;

import org.dl4jgn.linalg.HostMemory;
import org.dl4jgn.plan.Program;
import org.dl4jgn.plan.Views;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A softmax of each row of z, p = e/(1 + R) with e = exp(z − max z) and R = Σe − 1, and what is small about it with all its
 * digits: log Σe = log(1 + R) and 1 − p. For an output that is certain R is tiny, and the digits of Σe are gone.
 *
 * <p>ND4J's own operation is not a number in double where all of a row is below −745, and its logarithm is the
 * logarithm of the rounded p.
 */
abstract class SoftmaxRows {

    /** z − max z, [b, c]: log p up to log(1 + R). */
    final INDArray distance;

    /** R, [b]: the sum of e without its largest element. */
    final INDArray rest;

    final INDArray z;
    final INDArray e;

    SoftmaxRows(LossMemory memory, INDArray z) {
        this.z = z;
        distance = memory.array();
        rest = memory.column();
        e = memory.array();
    }

    /** Row by row in Java where memory can be addressed, by ND4J's operations elsewhere. */
    static SoftmaxRows of(LossMemory memory, INDArray z) {
        return HostMemory.isAddressable() ? new HostSoftmaxRows(memory, z) : new BackendSoftmaxRows(memory, z);
    }

    /** One number for each row, as operations spread it over the row. */
    static INDArray spread(INDArray column) {
        return Views.reshape(column, column.length(), 1);
    }

    /** Appends what computes {@link #distance} and {@link #rest}. Of equal largest elements R contains all but one. */
    abstract void append(Program program);

    /** Appends {@code p ← e/(1 + R)}, at the z of the last {@link #append}. */
    abstract void appendProbabilities(Program program, INDArray p);

    /** Appends {@code out ← 1 − p}, after {@link #appendProbabilities}; {@code scratch} of its shape is lost. */
    abstract void appendComplement(Program program, INDArray out, INDArray scratch);
}
