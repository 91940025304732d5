package org.dl4jgn.plan;

import org.dl4jgn.linalg.HostMemory;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A dense array of double that numbers of Java are copied to and from, wherever its memory is. */
public final class HostVector {

    private final INDArray array;
    private final @Nullable HostArray memory;
    private final int length;

    /** Of a dense array of DOUBLE. */
    public HostVector(INDArray array) {
        this.array = array;
        length = Math.toIntExact(array.length());
        memory = HostMemory.isAddressable() ? new HostArray(array) : null;
    }

    /** Number of elements. */
    public int length() {
        return length;
    }

    /** Copies all elements, row by row, to {@code to}. */
    public void read(double[] to) {
        if (memory != null) {
            memory.read(0, to, length);
        } else {
            System.arraycopy(array.dup('c').reshape(length).toDoubleVector(), 0, to, 0, length);
        }
    }

    /** Copies as many numbers to it. */
    public void write(double[] from) {
        if (memory != null) {
            memory.write(from, 0, length);
        } else {
            array.assign(Nd4j.createFromArray(from).reshape(array.shape()));
        }
    }
}
