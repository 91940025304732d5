package org.dl4jgn.loss;

import org.dl4jgn.plan.Program;
import org.nd4j.linalg.api.ndarray.INDArray;

/** m = 1 − yo, by which an output misses the margin of its label y = ±1, and its positive part. */
final class Margin {

    /** m, [b, c]. */
    final INDArray missing;

    /** max(m, 0). */
    final INDArray positive;

    private final PointwiseLoss.Arrays at;
    private final INDArray one;

    Margin(PointwiseLoss.Arrays at) {
        this.at = at;
        missing = at.memory().array();
        positive = at.memory().array();
        one = at.memory().scalar(1.0);
    }

    /** Appends what computes both. */
    void append(Program program) {
        program.multiply(at.y(), at.o(), missing)
                .subtract(one, missing, missing)
                .apply("relu", missing, positive, 0.0);
    }
}
