package org.dl4jgn.plan;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A tensor of the graph under compilation: shape, type, stage, and, once decided, where it lives. */
final class Value {

    final String name;
    final long[] shape;
    final DataType type;

    /** Settled once it is known what the forward outputs need. */
    Stage stage;

    /** All elements are one; no memory is spent on it unless an instruction reads it. */
    final boolean ones;

    /** All elements are zero; it is computed as any other value, if it is read. */
    boolean zeros;

    /** The elements, where shapes alone determine them, as those of a shape. */
    long @Nullable [] known;

    /** Where the value lives: given for leaves and prescribed outputs, else decided by the compiler. */
    @Nullable
    INDArray array;

    /** Must keep its own memory: it is read in another stage than its own, or by the plan's owner. */
    boolean persistent;

    Value(String name, long[] shape, DataType type, Stage stage, boolean ones) {
        this.name = name;
        this.shape = shape;
        this.type = type;
        this.stage = stage;
        this.ones = ones;
    }

    long length() {
        long n = 1;
        for (long s : shape) {
            n *= s;
        }
        return n;
    }

    INDArray array() {
        if (array == null) {
            throw new IllegalStateException("No memory was assigned to value '" + name + "'");
        }
        return array;
    }
}
