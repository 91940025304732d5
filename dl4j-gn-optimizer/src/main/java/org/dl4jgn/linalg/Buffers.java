package org.dl4jgn.linalg;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Arrays outside of any workspace that live and end together, and what they take. */
public final class Buffers implements AutoCloseable {

    private final List<INDArray> arrays = new ArrayList<>();

    /** A new array, not initialized. */
    public INDArray allocate(DataType type, long... shape) {
        INDArray array = Nd4j.createUninitializedDetached(type, shape);
        arrays.add(array);
        return array;
    }

    /** Bytes of all arrays. */
    public long bytes() {
        return arrays.stream().mapToLong(a -> a.length() * a.dataType().width()).sum();
    }

    @Override
    public void close() {
        arrays.forEach(INDArray::close);
        arrays.clear();
    }
}
