package org.dl4jgn.plan;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Other shapes of the same memory. A {@link Program} is bound to arrays when it is written, and ND4J's {@code reshape}
 * copies where it cannot give a view: the program would then read what its array held at that time, for ever.
 */
public final class Views {

    private Views() {}

    /**
     * The elements of {@code array}, row by row, in another shape.
     *
     * @throws RuntimeException if that is not possible without a copy
     */
    public static INDArray reshape(INDArray array, long... shape) {
        return array.reshape('c', true, shape);
    }

    /** Elements of a vector from {@code from} on, in a shape. */
    public static INDArray part(INDArray vector, long from, long... shape) {
        long length = 1;
        for (long s : shape) {
            length *= s;
        }
        return reshape(vector.get(NDArrayIndex.interval(from, from + length)), shape);
    }

    /** Whether an array is a matrix whose elements are side by side, row by row. */
    static boolean isDense(INDArray array) {
        return array.rank() == 2 && array.stride(1) == 1 && array.stride(0) == array.size(1);
    }

    /** Some rows of a matrix. */
    public static INDArray rows(INDArray matrix, long from, long count) {
        return matrix.get(NDArrayIndex.interval(from, from + count), NDArrayIndex.all());
    }
}
