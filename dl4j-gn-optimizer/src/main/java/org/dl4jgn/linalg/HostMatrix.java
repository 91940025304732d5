package org.dl4jgn.linalg;

import java.util.Optional;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.openblas.global.openblas;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The memory of an array as OpenBLAS takes it, for products of parts that are other ones each time, where a prepared call
 * would have to be made anew, and for small ones: a call costs what its product costs.
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
        return new Part(isDouble ? doubles(from) : floats(from), Math.toIntExact(stride), false);
    }

    /**
     * A matrix as it is, whatever part of a larger one: empty unless the elements of its rows, or of its columns, are side by side.
     *
     * @param matrix float32 or float64, which must not give up its memory before this is given up
     */
    public static Optional<Part> of(INDArray matrix) {
        DataType type = matrix.dataType();
        if (matrix.rank() != 2 || matrix.isEmpty() || (type != DataType.FLOAT && type != DataType.DOUBLE)) {
            return Optional.empty();
        }
        long rows = matrix.size(0);
        long columns = matrix.size(1);
        // the stride of a dimension of one element means nothing
        long down = rows == 1 ? columns : matrix.stride(0);
        long across = columns == 1 ? 1 : matrix.stride(1);
        if (across == 1 && down >= columns) {
            return Optional.of(new HostMatrix(matrix).part(0, down));
        }
        return (rows == 1 || down == 1) && across >= rows
                ? Optional.of(new HostMatrix(matrix).part(0, across).transposed())
                : Optional.empty();
    }

    /** A matrix within the memory of a {@link HostMatrix}, or its transpose. */
    public static final class Part {

        private final Pointer start;
        private final int stride;
        private final boolean isTransposed;

        private Part(Pointer start, int stride, boolean isTransposed) {
            this.start = start;
            this.stride = stride;
            this.isTransposed = isTransposed;
        }

        /** The same memory as the transposed matrix. */
        public Part transposed() {
            return new Part(start, stride, !isTransposed);
        }

        /** Whether what is a row of the memory is a column of this. */
        public boolean isTransposed() {
            return isTransposed;
        }

        /** Whether the elements are float64; float32 otherwise. */
        public boolean isDouble() {
            return start instanceof DoublePointer;
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
        if (c.isDouble()) {
            openblas.cblas_dgemm(
                    openblas.CblasRowMajor,
                    transposeA,
                    transposeB,
                    m,
                    n,
                    k,
                    alpha,
                    (DoublePointer) a.start,
                    a.stride,
                    (DoublePointer) b.start,
                    b.stride,
                    beta,
                    (DoublePointer) c.start,
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
                    (FloatPointer) a.start,
                    a.stride,
                    (FloatPointer) b.start,
                    b.stride,
                    (float) beta,
                    (FloatPointer) c.start,
                    c.stride);
        }
    }

    /**
     * {@code c ← aaᵀ} on and left of the diagonal; what is above it stays as it was.
     *
     * @param a [rows, inner]
     * @param c [rows, rows], not transposed
     */
    public static void multiplyBySelf(Part a, Part c, long rows, long inner) {
        int n = Math.toIntExact(rows);
        int k = Math.toIntExact(inner);
        int transpose = a.isTransposed ? openblas.CblasTrans : openblas.CblasNoTrans;
        if (c.isDouble()) {
            openblas.cblas_dsyrk(
                    openblas.CblasRowMajor,
                    openblas.CblasLower,
                    transpose,
                    n,
                    k,
                    1,
                    (DoublePointer) a.start,
                    a.stride,
                    0,
                    (DoublePointer) c.start,
                    c.stride);
        } else {
            openblas.cblas_ssyrk(
                    openblas.CblasRowMajor,
                    openblas.CblasLower,
                    transpose,
                    n,
                    k,
                    1,
                    (FloatPointer) a.start,
                    a.stride,
                    0,
                    (FloatPointer) c.start,
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
