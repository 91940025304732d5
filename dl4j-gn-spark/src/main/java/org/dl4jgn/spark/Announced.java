package org.dl4jgn.spark;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What a problem was told that it will be asked next, in copies: one job can answer all of it.
 *
 * @param before where the loss will be asked for first, or null
 * @param theta where it will be linearized then
 * @param vector what H will be multiplied with there, or null
 */
record Announced(
        @Nullable Numbers before, Numbers theta, @Nullable Numbers vector) {

    static Announced of(@Nullable INDArray before, INDArray theta, @Nullable INDArray vector) {
        return new Announced(
                before == null ? null : Numbers.of(before),
                Numbers.of(theta),
                vector == null ? null : Numbers.of(vector));
    }

    boolean beginsWith(INDArray asked) {
        return before != null && before.equals(Numbers.of(asked));
    }
}
