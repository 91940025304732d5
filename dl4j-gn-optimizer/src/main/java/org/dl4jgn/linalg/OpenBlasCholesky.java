package org.dl4jgn.linalg;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.openblas.global.openblas;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Cholesky by LAPACK, from the OpenBLAS that nd4j-native brings; the only place that calls it.
 *
 * <p>n = 1280, float, two cores: 4.9 ms, where ND4J's own {@code potrf} takes 44 and its operation {@code solve} 1043.
 */
final class OpenBlasCholesky implements SpdSolver {

    /** A lower triangle row by row is an upper one column by column, which is how LAPACK reads it. */
    private static final byte TRIANGLE = 'U';

    private @Nullable INDArray factor;

    /** Whether arrays are in host memory and OpenBLAS with LAPACK is on the class path. */
    static boolean isAvailable() {
        return HostMemory.isAddressable() && OpenBlas.isAvailable();
    }

    @Override
    public boolean factor(INDArray a) {
        int n = Math.toIntExact(a.size(0));
        factor = a;
        // without LAPACKE's own scan for NaN: a pivot that is one is not positive
        int info = isDouble(a)
                ? openblas.LAPACKE_dpotrf_work(openblas.LAPACK_COL_MAJOR, TRIANGLE, n, doubles(a), n)
                : openblas.LAPACKE_spotrf_work(openblas.LAPACK_COL_MAJOR, TRIANGLE, n, floats(a), n);
        if (info < 0) {
            throw new IllegalStateException("LAPACK potrf: argument " + -info + " is not valid");
        }
        return info == 0;
    }

    /** By level 2: {@code potrs}, made for many right-hand sides, takes 1.0 ms of n = 1000 in double where this takes 0.4. */
    @Override
    public void solve(INDArray y) {
        if (factor == null) {
            throw new IllegalStateException("No matrix was factored");
        }
        int n = Math.toIntExact(factor.size(0));
        for (int transposed : new int[] {openblas.CblasTrans, openblas.CblasNoTrans}) {
            if (isDouble(factor)) {
                openblas.cblas_dtrsv(
                        openblas.CblasColMajor,
                        openblas.CblasUpper,
                        transposed,
                        openblas.CblasNonUnit,
                        n,
                        doubles(factor),
                        n,
                        doubles(y),
                        1);
            } else {
                openblas.cblas_strsv(
                        openblas.CblasColMajor,
                        openblas.CblasUpper,
                        transposed,
                        openblas.CblasNonUnit,
                        n,
                        floats(factor),
                        n,
                        floats(y),
                        1);
            }
        }
    }

    /** The factor takes the place of A. */
    @Override
    public long bytes() {
        return 0;
    }

    @Override
    public void close() {
        factor = null;
    }

    private static boolean isDouble(INDArray a) {
        return a.dataType() == DataType.DOUBLE;
    }

    private static DoublePointer doubles(INDArray a) {
        return new DoublePointer(a.data().addressPointer());
    }

    private static FloatPointer floats(INDArray a) {
        return new FloatPointer(a.data().addressPointer());
    }
}
