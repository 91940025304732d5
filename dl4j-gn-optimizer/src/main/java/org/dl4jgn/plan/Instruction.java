package org.dl4jgn.plan;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.CustomOp;
import org.nd4j.linalg.api.ops.Op;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner;
import org.nd4j.linalg.factory.Nd4j;

/**
 * One native call with everything about it decided: op, arguments, input and output arrays.
 *
 * <p>This is the only place that binds arrays to ND4J op contexts. A prepared call costs 0.7 to 0.9 µs; the same
 * operation as a method of {@link INDArray} costs 3.5 to 12 µs, because it builds its context anew.
 */
abstract class Instruction {

    private static final OpExecutioner EXECUTIONER = Nd4j.getExecutioner();

    abstract void run();

    /** Replaces {@code from} by {@code to} wherever it is an input; shapes, types and order must be the same. */
    abstract void rebind(INDArray from, INDArray to);

    abstract String opName();

    static Instruction custom(CustomOp op, OpContext context) {
        return new Instruction() {
            @Override
            void run() {
                EXECUTIONER.exec(op, context);
            }

            @Override
            void rebind(INDArray from, INDArray to) {
                for (int i = 0; i < context.getInputArrays().size(); i++) {
                    if (context.getInputArrays().get(i) == from) {
                        context.setInputArray(i, to);
                    }
                }
            }

            @Override
            String opName() {
                return op.opName();
            }
        };
    }

    /** For the element-wise operations of ND4J that have no op context: the op object itself holds its arrays. */
    static Instruction legacy(Op op) {
        return new Instruction() {
            @Override
            void run() {
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
        };
    }

    /** Anything else, on arrays that are not replaced. */
    static Instruction action(String name, Runnable action) {
        return new Instruction() {
            @Override
            void run() {
                action.run();
            }

            @Override
            void rebind(INDArray from, INDArray to) {}

            @Override
            String opName() {
                return name;
            }
        };
    }
}
