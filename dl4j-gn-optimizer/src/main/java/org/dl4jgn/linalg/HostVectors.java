package org.dl4jgn.linalg;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Whole arrays, dense and in c order, from and to Java's. */
public final class HostVectors {

    private HostVectors() {}

    /** The elements of an array of float32 or float64, in c order. */
    public static double[] toArray(INDArray array) {
        if (!HostMemory.isAddressable()) {
            return array.dup('c').reshape(array.length()).toDoubleVector();
        }
        return toArray(array, 0, Math.toIntExact(array.length()));
    }

    /** {@code count} elements of a dense array of float32 or float64 in c order, from the one with number {@code from} on. */
    public static double[] toArray(INDArray array, long from, int count) {
        if (!HostMemory.isAddressable()) {
            return array.reshape(array.length())
                    .get(NDArrayIndex.interval(from, from + count))
                    .toDoubleVector();
        }
        double[] result = new double[count];
        if (array.dataType() == DataType.DOUBLE) {
            new DoublePointer(array.data().addressPointer()).position(from).get(result);
        } else {
            float[] floats = new float[count];
            new FloatPointer(array.data().addressPointer()).position(from).get(floats);
            for (int i = 0; i < count; i++) {
                result[i] = floats[i];
            }
        }
        return result;
    }

    /** {@code array ← values}, rounded to its type. */
    public static void fill(double[] values, INDArray array) {
        if (!HostMemory.isAddressable()) {
            array.assign(Nd4j.createFromArray(values).reshape(array.shape()).castTo(array.dataType()));
        } else if (array.dataType() == DataType.DOUBLE) {
            new DoublePointer(array.data().addressPointer()).put(values);
        } else {
            float[] floats = new float[values.length];
            for (int i = 0; i < values.length; i++) {
                floats[i] = (float) values[i];
            }
            new FloatPointer(array.data().addressPointer()).put(floats);
        }
    }

    /** {@code array ← 0}, whatever it held. */
    public static void clear(INDArray array) {
        if (HostMemory.isAddressable()) {
            Pointer memory = array.data().addressPointer();
            Pointer.memset(memory, 0, array.length() * array.dataType().width());
        } else {
            array.assign(0);
        }
    }
}
