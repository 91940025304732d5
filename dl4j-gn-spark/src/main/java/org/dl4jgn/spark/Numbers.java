package org.dl4jgn.spark;

import java.io.Serializable;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A vector on its way between machines: an array of Java's, which is written as it is. One of the two is there. */
record Numbers(float @Nullable [] floats, double @Nullable [] doubles) implements Serializable {

    /** A copy of a vector, in c order. */
    static Numbers of(INDArray vector) {
        return vector.dataType() == DataType.FLOAT
                ? new Numbers(vector.dup('c').data().asFloat(), null)
                : new Numbers(null, vector.dup('c').data().asDouble());
    }

    /** These elements of a sum, as the type has them. */
    static Numbers rounded(double[] sum, boolean isFloat) {
        if (!isFloat) {
            return new Numbers(null, sum);
        }
        float[] rounded = new float[sum.length];
        for (int i = 0; i < sum.length; i++) {
            rounded[i] = (float) sum[i];
        }
        return new Numbers(rounded, null);
    }

    boolean isFloat() {
        return floats != null;
    }

    int length() {
        return floats != null ? floats.length : values().length;
    }

    long bytes() {
        return (long) length() * (isFloat() ? Float.BYTES : Double.BYTES);
    }

    private double[] values() {
        if (doubles == null) {
            throw new IllegalStateException("These numbers are of neither type");
        }
        return doubles;
    }

    /** {@code sum ← sum + weight·these}. */
    void addTo(double[] sum, double weight) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += weight * (floats != null ? floats[i] : values()[i]);
        }
    }

    /** A new array of this shape, in c order, which the caller closes. */
    INDArray array(long... shape) {
        return floats != null
                ? Nd4j.create(floats, shape, DataType.FLOAT)
                : Nd4j.create(values(), shape, DataType.DOUBLE);
    }

    /** {@code target ← these}, of the same length. */
    void copyTo(INDArray target) {
        try (INDArray array = array(length())) {
            target.assign(array.reshape(target.shape()));
        }
    }

    /** Index of the first element that is not finite, or −1. */
    int firstNonFinite() {
        for (int i = 0; i < length(); i++) {
            if (!Double.isFinite(floats != null ? floats[i] : values()[i])) {
                return i;
            }
        }
        return -1;
    }

    /** The rows {@code rows} of these, as a table of so many columns. */
    Numbers rows(int[] rows, int columns) {
        if (floats != null) {
            float[] chosen = new float[Math.multiplyExact(rows.length, columns)];
            for (int i = 0; i < rows.length; i++) {
                System.arraycopy(floats, rows[i] * columns, chosen, i * columns, columns);
            }
            return new Numbers(chosen, null);
        }
        double[] chosen = new double[Math.multiplyExact(rows.length, columns)];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(values(), rows[i] * columns, chosen, i * columns, columns);
        }
        return new Numbers(null, chosen);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Numbers o && Arrays.equals(floats, o.floats) && Arrays.equals(doubles, o.doubles);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(floats) + Arrays.hashCode(doubles);
    }

    @Override
    public String toString() {
        return length() + (isFloat() ? " floats" : " doubles");
    }
}
