package org.dl4jgn.plan;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.Op;
import org.nd4j.linalg.api.ops.ScalarOp;

/** Fresh instances of ND4J's older, array-holding operations. */
final class LegacyOps {

    private LegacyOps() {}

    /** The same function as {@code prototype}, from {@code in} to {@code out}. */
    static Op copyOf(Op prototype, INDArray in, INDArray out) {
        Op copy;
        try {
            copy = prototype.getClass().getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "Operation " + prototype.opName() + " ("
                            + prototype.getClass().getName() + ") has no usable no-argument constructor",
                    e);
        }
        copy.setX(in);
        copy.setZ(out);
        if (prototype instanceof ScalarOp scalar) {
            ((ScalarOp) copy).setScalar(scalar.scalar().castTo(in.dataType()));
        }
        if (prototype.extraArgs() != null) {
            copy.setExtraArgs(prototype.extraArgs());
        }
        return copy;
    }
}
