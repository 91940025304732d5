package org.dl4jgn.plan;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** An array that an instruction reads, perhaps under another shape than its own: both follow when it is replaced. */
final class Operand {

    private final long @Nullable [] shape;
    private INDArray array;
    private INDArray view;

    private Operand(INDArray array, long @Nullable [] shape) {
        this.array = array;
        this.shape = shape;
        this.view = viewOf(array);
    }

    static Operand of(INDArray array) {
        return new Operand(array, null);
    }

    /** The elements of {@code array}, row by row, in another shape. */
    static Operand reshaped(INDArray array, long... shape) {
        return new Operand(array, shape);
    }

    static Operand[] all(INDArray... arrays) {
        Operand[] operands = new Operand[arrays.length];
        for (int i = 0; i < arrays.length; i++) {
            operands[i] = of(arrays[i]);
        }
        return operands;
    }

    private INDArray viewOf(INDArray whole) {
        return shape == null ? whole : Views.reshape(whole, shape);
    }

    INDArray view() {
        return view;
    }

    /** Reads {@code to} if it was {@code from} that was read; whether it was. */
    boolean rebind(INDArray from, INDArray to) {
        if (array != from) {
            return false;
        }
        array = to;
        view = viewOf(to);
        return true;
    }
}
