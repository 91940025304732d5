package org.dl4jgn.samediff;

import org.dl4jgn.linalg.HostMemory;
import org.dl4jgn.plan.HostArray;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A dense array of double that numbers of Java are copied to and from, wherever its memory is. */
final class HostVector {

    private final INDArray array;
    private final @Nullable HostArray memory;
    private final int length;

    HostVector(INDArray array) {
        this.array = array;
        length = Math.toIntExact(array.length());
        memory = HostMemory.isAddressable() ? new HostArray(array) : null;
    }

    int length() {
        return length;
    }

    /** Copies all elements, row by row, to {@code to}. */
    void read(double[] to) {
        if (memory != null) {
            memory.read(0, to, length);
        } else {
            System.arraycopy(array.dup('c').reshape(length).toDoubleVector(), 0, to, 0, length);
        }
    }

    void write(double[] from) {
        if (memory != null) {
            memory.write(from, 0, length);
        } else {
            array.assign(Nd4j.createFromArray(from).reshape(array.shape()));
        }
    }
}
