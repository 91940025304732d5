package org.dl4jgn.loss;

import org.dl4jgn.linalg.HostMemory;
import org.dl4jgn.plan.Program;
import org.dl4jgn.plan.Views;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.scalar.Step;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Exp;

/**
 * A softmax of each row of z, p = e/(1 + R) with e = exp(z − max z) and R = Σe − 1, and what is small about it with all its
 * digits: log Σe = log(1 + R) and 1 − p. For an output that is certain R is tiny, and the digits of Σe are gone.
 *
 * <p>ND4J's own operation is not a number in double where all of a row is below −745, and its logarithm is the
 * logarithm of the rounded p.
 */
final class SoftmaxRows {

    /** Anything between zero and the least difference of two numbers z. */
    private static final double TINY = 1e-30;

    /** z − max z, [b, c]: log p up to log(1 + R). */
    final INDArray distance;

    /** R, [b]: the sum of e without its largest element. */
    final INDArray rest;

    /** Whether rows are worked on in Java, in place of a dozen operations. */
    private final boolean inRows = HostMemory.isAddressable();

    private final INDArray z;
    private final INDArray e;
    private final INDArray top;
    private final INDArray withoutTop;
    private final INDArray maximum;
    private final INDArray count;
    private final INDArray one;
    private final INDArray total;

    SoftmaxRows(LossMemory memory, INDArray z) {
        this.z = z;
        distance = memory.array();
        rest = memory.column();
        e = memory.array();
        top = memory.array();
        withoutTop = memory.array();
        maximum = memory.column();
        count = memory.column();
        one = memory.scalar(1.0);
        total = memory.column();
    }

    private static INDArray[] arrays(INDArray... arrays) {
        return arrays;
    }

    /** One number for each row, as operations spread it over the row. */
    static INDArray spread(INDArray column) {
        return Views.reshape(column, column.length(), 1);
    }

    /** Appends what computes {@link #distance} and {@link #rest}. Of equal largest elements R contains all but one. */
    void append(Program program) {
        if (inRows) {
            program.rows("softmax_distance", arrays(z), arrays(distance), HostSoftmax::distance)
                    .legacy(new Exp(distance, e))
                    .rows("softmax_rest", arrays(distance, e), arrays(rest), HostSoftmax::rest);
            return;
        }
        program.call("reduce_max", new INDArray[] {z}, new INDArray[] {maximum}, new long[] {1}, new double[0])
                .subtract(z, spread(maximum), distance)
                .legacy(new Exp(distance, e))
                .legacy(new Step(distance, top, -TINY))
                .subtract(e, top, withoutTop)
                .sum(withoutTop, 1, rest)
                .sum(top, 1, count)
                .subtract(spread(count), one, spread(count))
                .add(spread(rest), spread(count), spread(rest));
    }

    /** Appends {@code p ← e/(1 + R)}, at the z of the last {@link #append}. */
    void appendProbabilities(Program program, INDArray p) {
        if (inRows) {
            program.rows("softmax", arrays(e, rest), arrays(p), HostSoftmax::probabilities);
            return;
        }
        program.add(spread(rest), one, spread(total)).divide(e, spread(total), p);
    }

    /** Appends {@code out ← 1 − p}, after {@link #appendProbabilities}. */
    void appendComplement(Program program, INDArray out, INDArray scratch) {
        if (inRows) {
            program.rows("softmax_complement", arrays(distance, e, rest), arrays(out), HostSoftmax::complement);
            return;
        }
        program.subtract(spread(rest), withoutTop, out)
                .subtract(one, top, scratch)
                .add(out, scratch, out)
                .divide(out, spread(total), out);
    }
}
