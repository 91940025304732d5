package org.dl4jgn.loss;

import org.dl4jgn.plan.Program;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** sω, the share of each element of the output in a sum that is scaled by s; s where there are no weights and masks. */
final class WeightedShares {

    /** sω, [b, c]. */
    final INDArray array;

    private final Program prepare;

    WeightedShares(LossMemory memory, @Nullable INDArray omega, double s) {
        array = memory.array();
        prepare = memory.program();
        if (omega == null) {
            prepare.copy(memory.filled(s), array);
        } else {
            prepare.multiply(omega, memory.scalar(s), array);
        }
    }

    /** To be called when weights or masks have changed. */
    void prepare() {
        prepare.run();
    }
}
