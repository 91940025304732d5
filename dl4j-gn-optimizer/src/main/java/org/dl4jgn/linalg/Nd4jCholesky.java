package org.dl4jgn.linalg;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.blas.BlasException;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.CustomOp;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Cholesky through ND4J alone, for backends other than the CPU's.
 *
 * <p>Not {@code Nd4j.linalg().cholesky}, which checks its argument by determinants: 21 s for n = 512.
 */
final class Nd4jCholesky implements SpdSolver {

    private @Nullable Work work;
    private boolean isFactored;

    /** A copy of A in the order that LAPACK reads, which becomes the factor, and the two triangular solutions. */
    private static final class Work implements AutoCloseable {

        private final Buffers buffers = new Buffers();
        final INDArray lower;
        final INDArray y;
        final CustomOp forward;
        final CustomOp backward;

        Work(DataType type, long n) {
            lower = Nd4j.createUninitializedDetached(type, 'f', n, n);
            y = buffers.allocate(type, n, 1);
            INDArray half = buffers.allocate(type, n, 1);
            forward = solve(lower, false, y, half);
            backward = solve(lower, true, half, y);
        }

        private static CustomOp solve(INDArray lower, boolean transposed, INDArray in, INDArray out) {
            return DynamicCustomOp.builder("triangular_solve")
                    .addInputs(lower, in)
                    .addOutputs(out)
                    .addBooleanArguments(true, transposed)
                    .build();
        }

        boolean fits(INDArray a) {
            return lower.dataType() == a.dataType() && lower.size(0) == a.size(0);
        }

        long bytes() {
            return lower.length() * lower.dataType().width() + buffers.bytes();
        }

        @Override
        public void close() {
            lower.close();
            buffers.close();
        }
    }

    @Override
    public boolean factor(INDArray a) {
        if (work == null || !work.fits(a)) {
            close();
            work = new Work(a.dataType(), a.size(0));
        }
        isFactored = false;
        work.lower.assign(a);
        try {
            Nd4j.getBlasWrapper().lapack().potrf(work.lower, true);
        } catch (BlasException e) {
            return false;
        } catch (Error e) {
            // how ND4J's backends report a pivot that is not positive
            if (String.valueOf(e.getMessage()).contains("not positive definite")) {
                return false;
            }
            throw e;
        }
        isFactored = true;
        return true;
    }

    @Override
    public void solve(INDArray y) {
        if (work == null || !isFactored) {
            throw new IllegalStateException("No matrix was factored");
        }
        Vectors.copy(y, work.y);
        Nd4j.exec(work.forward);
        Nd4j.exec(work.backward);
        Vectors.copy(work.y, y);
    }

    /** Bytes for a matrix of n rows, with elements of {@code width} bytes. */
    static long bytes(long n, int width) {
        return width * (n * n + 2 * n);
    }

    @Override
    public long bytes() {
        return work == null ? 0 : work.bytes();
    }

    @Override
    public void close() {
        if (work != null) {
            work.close();
        }
        work = null;
        isFactored = false;
    }
}
