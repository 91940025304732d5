package org.dl4jgn.plan;

import org.dl4jgn.linalg.Buffers;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.Op;
import org.nd4j.linalg.api.ops.ScalarOp;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner;
import org.nd4j.linalg.factory.Nd4j;

/** An element-wise operation of ND4J that has no op context: the operation itself holds its arrays. */
final class LegacyCall extends Instruction {

    private static final OpExecutioner EXECUTIONER = Nd4j.getExecutioner();

    private final Op op;

    /** The operation with its arrays already set. */
    LegacyCall(Op op) {
        this.op = op;
    }

    /** The same function as {@code prototype}, from {@code in} to {@code out}, with a scalar of its own if it has one. */
    static LegacyCall of(Op prototype, INDArray in, INDArray out, Buffers buffers) {
        Op copy = fresh(prototype);
        copy.setX(in);
        copy.setZ(out);
        if (prototype instanceof ScalarOp scalar) {
            setScalar((ScalarOp) copy, scalar.scalar().getDouble(0), in, buffers);
        }
        if (prototype.extraArgs() != null) {
            copy.setExtraArgs(prototype.extraArgs());
        }
        return new LegacyCall(copy);
    }

    /** The function of a class with a scalar, from {@code in} to {@code out}. */
    static LegacyCall of(ScalarOp fresh, double scalar, INDArray in, INDArray out, Buffers buffers) {
        fresh.setX(in);
        fresh.setZ(out);
        setScalar(fresh, scalar, in, buffers);
        return new LegacyCall(fresh);
    }

    private static void setScalar(ScalarOp op, double scalar, INDArray in, Buffers buffers) {
        op.scalar().close(); // a zero, which ND4J's constructors without arguments make
        op.setScalar(buffers.filled(scalar, in.dataType()));
    }

    private static Op fresh(Op prototype) {
        try {
            return prototype.getClass().getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "Operation " + prototype.opName() + " ("
                            + prototype.getClass().getName() + ") has no usable no-argument constructor",
                    e);
        }
    }

    @Override
    void execute() {
        EXECUTIONER.exec(op);
    }

    @Override
    void rebind(INDArray from, INDArray to) {
        if (op.x() == from) {
            op.setX(to);
        }
        if (op.y() == from) {
            op.setY(to);
        }
    }

    @Override
    String opName() {
        return op.opName();
    }
}
