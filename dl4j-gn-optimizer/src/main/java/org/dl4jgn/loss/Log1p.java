package org.dl4jgn.loss;

import org.dl4jgn.plan.Program;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Log;

/**
 * log(1 + x) for x ≥ 0 with all its digits, however small x is: log w + (x − (w − 1)) with w = 1 + x as rounded. The second
 * term is what rounding took from x, and off by at most the unit roundoff times x.
 *
 * <p>ND4J's own operation of this name computes the logarithm of the rounded sum, which is 0 for x under 6e-8 in float.
 */
final class Log1p {

    private final INDArray one;
    private final INDArray logarithm;

    /** @param scratch of the shape of x */
    Log1p(LossMemory memory, INDArray scratch) {
        one = memory.scalar(1.0);
        logarithm = scratch;
    }

    /** Appends {@code out ← log(1 + x)}; not in place. */
    void append(Program program, INDArray x, INDArray out) {
        program.add(x, one, out)
                .legacy(new Log(out, logarithm))
                .subtract(out, one, out)
                .subtract(x, out, out)
                .add(out, logarithm, out);
    }
}
