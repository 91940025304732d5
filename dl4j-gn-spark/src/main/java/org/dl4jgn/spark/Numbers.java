package org.dl4jgn.spark;

import java.io.Serializable;
import java.util.Arrays;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A vector on its way between machines: an array of Java's, which is written as it is. One of the two is there. */
record Numbers(float @Nullable [] floats, double @Nullable [] doubles) implements Serializable {

    /** A copy of an array, in c order. */
    static Numbers of(INDArray array) {
        if (!isDense(array)) {
            try (INDArray dense = array.dup('c')) {
                return of(dense);
            }
        }
        int length = Math.toIntExact(array.length());
        if (array.dataType() == DataType.FLOAT) {
            float[] floats = new float[length];
            floats(array).get(floats);
            return new Numbers(floats, null);
        }
        double[] doubles = new double[length];
        doubles(array).get(doubles);
        return new Numbers(null, doubles);
    }

    /** Whether the elements are one after the other in memory: ND4J's own copies go one by one. */
    private static boolean isDense(INDArray array) {
        return array.ordering() == 'c' && array.elementWiseStride() == 1;
    }

    private static FloatPointer floats(INDArray array) {
        return new FloatPointer(array.data().addressPointer());
    }

    private static DoublePointer doubles(INDArray array) {
        return new DoublePointer(array.data().addressPointer());
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

    /** These, then others of the same type. */
    Numbers followedBy(Numbers others) {
        int length = length();
        int all = Math.addExact(length, others.length());
        if (floats != null && others.floats != null) {
            float[] joined = Arrays.copyOf(floats, all);
            System.arraycopy(others.floats, 0, joined, length, others.floats.length);
            return new Numbers(joined, null);
        }
        double[] joined = Arrays.copyOf(values(), all);
        System.arraycopy(others.values(), 0, joined, length, others.length());
        return new Numbers(null, joined);
    }

    /** The elements from {@code from} to before {@code to}. */
    Numbers range(int from, int to) {
        return floats != null
                ? new Numbers(Arrays.copyOfRange(floats, from, to), null)
                : new Numbers(null, Arrays.copyOfRange(values(), from, to));
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

    /** {@code sum ← sum + these}. */
    void addTo(double[] sum) {
        if (floats != null) {
            for (int i = 0; i < sum.length; i++) {
                sum[i] += floats[i];
            }
            return;
        }
        double[] numbers = values();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += numbers[i];
        }
    }

    /** A new array of this shape, in c order, which the caller closes. */
    INDArray array(long... shape) {
        INDArray array = Nd4j.createUninitializedDetached(isFloat() ? DataType.FLOAT : DataType.DOUBLE, shape);
        write(array);
        return array;
    }

    /** {@code target ← these}, of the same length. */
    void copyTo(INDArray target) {
        boolean isOfType = target.dataType() == (isFloat() ? DataType.FLOAT : DataType.DOUBLE);
        if (isOfType && isDense(target) && target.length() == length()) {
            write(target);
            return;
        }
        try (INDArray array = array(length())) {
            target.assign(array.reshape(target.shape()));
        }
    }

    private void write(INDArray dense) {
        if (floats != null) {
            floats(dense).put(floats);
        } else {
            doubles(dense).put(values());
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
