package org.dl4jgn.linalg;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.openblas.global.openblas;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The memory of an array as OpenBLAS takes it, for products of parts that are other ones each time, where a prepared call
 * would have to be made anew: a call costs what its product costs.
 */
public final class HostMatrix {

    private final Pointer memory;
    private final boolean isDouble;

    /** @param array float32 or float64, dense, from the start of its memory, which it must not give up before this is given up */
    public HostMatrix(INDArray array) {
        isDouble = array.dataType() == DataType.DOUBLE;
        Pointer address = array.data().addressPointer();
        memory = isDouble ? new DoublePointer(address) : new FloatPointer(address);
    }

    /** Whether arrays are in host memory and OpenBLAS is on the class path. */
    public static boolean isAvailable() {
        return OpenBlasCholesky.isAvailable();
    }

    /**
     * A matrix within the memory.
     *
     * @param from its first element
     * @param stride elements from a row to the next
     */
    public Part part(long from, long stride) {
        return new Part(this, from, Math.toIntExact(stride), false);
    }

    /** A matrix within the memory of a {@link HostMatrix}, or its transpose. */
    public record Part(HostMatrix of, long from, int stride, boolean isTransposed) {

        /** The same memory as the transposed matrix. */
        public Part transposed() {
            return new Part(of, from, stride, !isTransposed);
        }
    }

    /**
     * {@code c ← αab + βc}.
     *
     * @param a [rows, inner]
     * @param b [inner, columns]
     * @param c [rows, columns], not transposed; whatever it held where β = 0
     */
    public static void multiply(
            double alpha, Part a, Part b, double beta, Part c, long rows, long inner, long columns) {
        int m = Math.toIntExact(rows);
        int k = Math.toIntExact(inner);
        int n = Math.toIntExact(columns);
        int transposeA = a.isTransposed ? openblas.CblasTrans : openblas.CblasNoTrans;
        int transposeB = b.isTransposed ? openblas.CblasTrans : openblas.CblasNoTrans;
        if (c.of.isDouble) {
            openblas.cblas_dgemm(
                    openblas.CblasRowMajor,
                    transposeA,
                    transposeB,
                    m,
                    n,
                    k,
                    alpha,
                    a.of.doubles(a.from),
                    a.stride,
                    b.of.doubles(b.from),
                    b.stride,
                    beta,
                    c.of.doubles(c.from),
                    c.stride);
        } else {
            openblas.cblas_sgemm(
                    openblas.CblasRowMajor,
                    transposeA,
                    transposeB,
                    m,
                    n,
                    k,
                    (float) alpha,
                    a.of.floats(a.from),
                    a.stride,
                    b.of.floats(b.from),
                    b.stride,
                    (float) beta,
                    c.of.floats(c.from),
                    c.stride);
        }
    }

    /** A pointer of its own, as two parts of one memory meet in a product. */
    private DoublePointer doubles(long from) {
        return ((DoublePointer) memory).getPointer(from);
    }

    private FloatPointer floats(long from) {
        return ((FloatPointer) memory).getPointer(from);
    }

    /** Copies {@code count} elements from {@code from} on to another memory of the same type. */
    public void copy(long from, HostMatrix target, long to, long count) {
        long width = isDouble ? Double.BYTES : Float.BYTES;
        Pointer source = isDouble ? doubles(from) : floats(from);
        Pointer goal = isDouble ? target.doubles(to) : target.floats(to);
        Pointer.memcpy(goal, source, count * width);
    }
}
