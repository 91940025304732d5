package org.dl4jgn.loss;

import org.dl4jgn.plan.Program;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.scalar.Step;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Exp;

/** {@link SoftmaxRows} by ND4J's operations, wherever the arrays are. */
final class BackendSoftmaxRows extends SoftmaxRows {

    /** Anything between zero and the least difference of two numbers z. */
    private static final double TINY = 1e-30;

    private final INDArray top;
    private final INDArray withoutTop;
    private final INDArray maximum;
    private final INDArray count;
    private final INDArray one;
    private final INDArray total;

    BackendSoftmaxRows(LossMemory memory, INDArray z) {
        super(memory, z);
        top = memory.array();
        withoutTop = memory.array();
        maximum = memory.column();
        count = memory.column();
        one = memory.scalar(1.0);
        total = memory.column();
    }

    @Override
    void append(Program program) {
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

    @Override
    void appendProbabilities(Program program, INDArray p) {
        program.add(spread(rest), one, spread(total)).divide(e, spread(total), p);
    }

    @Override
    void appendComplement(Program program, INDArray out, INDArray scratch) {
        program.subtract(spread(rest), withoutTop, out)
                .subtract(one, top, scratch)
                .add(out, scratch, out)
                .divide(out, spread(total), out);
    }
}
