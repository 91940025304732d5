package org.dl4jgn.linalg;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.openblas.global.openblas;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Products C = A·B and C = A·Bᵀ in float32 by OpenBLAS, with rows of A that lie apart in memory: those of one step of
 * sequences, without a copy. Arrays are dense and their memory is the host's.
 */
public final class StridedProducts {

    private final FloatPointer a;
    private final int stride;
    private final FloatPointer b;
    private final boolean transposed;
    private final FloatPointer c;
    private final int rows;
    private final int inner;
    private final int columns;

    /**
     * Binds arrays.
     *
     * @param a rows of {@code inner} elements, {@code stride} apart
     * @param b [inner, columns], or transposed [columns, inner]
     * @param c [rows, columns]
     */
    public StridedProducts(INDArray a, long stride, INDArray b, boolean transposed, INDArray c) {
        this.a = pointer(a);
        this.stride = Math.toIntExact(stride);
        this.b = pointer(b);
        this.transposed = transposed;
        this.c = pointer(c);
        rows = Math.toIntExact(c.size(0));
        columns = Math.toIntExact(c.size(1));
        inner = Math.toIntExact(b.length() / columns);
    }

    private static FloatPointer pointer(INDArray array) {
        return new FloatPointer(array.data().addressPointer());
    }

    /** Whether OpenBLAS is on the class path, and arrays are in host memory. */
    public static boolean isAvailable() {
        return OpenBlasCholesky.isAvailable();
    }

    /** {@code C ← A·B} for the rows of A of which the first begins at element {@code from}. */
    public void run(long from) {
        openblas.cblas_sgemm(
                openblas.CblasRowMajor,
                openblas.CblasNoTrans,
                transposed ? openblas.CblasTrans : openblas.CblasNoTrans,
                rows,
                columns,
                inner,
                1f,
                a.position(from),
                stride,
                b,
                transposed ? inner : columns,
                0f,
                c,
                columns);
    }
}
