package org.dl4jgn.loss;

import org.dl4jgn.plan.Program;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Log;

/**
 * log(1 + x) for x ≥ 0 with all its digits, however small x is: x·log(w)/(w − 1) with w = 1 + x as rounded (Kahan).
 *
 * <p>ND4J's own operation of this name computes the logarithm of the rounded sum, which is 0 for x under 1e-7 in float.
 */
final class Log1p {

    /** So small that it changes no w − 1 but zero, where the quotient becomes one. */
    private static final double TINY = 1e-30;

    private final INDArray one;
    private final INDArray tiny;
    private final INDArray logarithm;

    /** @param scratch of the shape of x */
    Log1p(LossMemory memory, INDArray scratch) {
        one = memory.scalar(1.0);
        tiny = memory.scalar(TINY);
        logarithm = scratch;
    }

    /** Appends {@code out ← log(1 + x)}; not in place. */
    void append(Program program, INDArray x, INDArray out) {
        program.add(x, one, out)
                .legacy(new Log(out, logarithm))
                .subtract(out, one, out)
                .add(out, tiny, out)
                .add(logarithm, tiny, logarithm)
                .divide(logarithm, out, out)
                .multiply(out, x, out);
    }
}
