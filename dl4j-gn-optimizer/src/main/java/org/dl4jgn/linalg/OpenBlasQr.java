package org.dl4jgn.linalg;

import org.bytedeco.openblas.global.openblas;

/** QR by LAPACK, from the OpenBLAS that nd4j-native brings. */
final class OpenBlasQr {

    private OpenBlasQr() {}

    /** Whether OpenBLAS is there and right; its matrices are Java's, whatever the backend. */
    static boolean isAvailable() {
        return OpenBlas.solvesTriangles();
    }

    static void factor(double[] a, int m, int n, double[] tau) {
        check("geqrf", openblas.LAPACKE_dgeqrf(openblas.LAPACK_COL_MAJOR, m, n, a, m, tau));
    }

    /**
     * QR of a triangle and a second one below it, both [n, n] column by column.
     *
     * @param t [block, n], the reflections' triangles
     */
    static void factorStacked(double[] r, double[] v, int n, int block, double[] t) {
        check("tpqrt", openblas.LAPACKE_dtpqrt(openblas.LAPACK_COL_MAJOR, n, n, n, block, r, n, v, n, t, block));
    }

    /** (above; below) ← Qᵀ(above; below), each [n]. */
    static void multiplyStackedTransposed(double[] v, int n, int block, double[] t, double[] above, double[] below) {
        check(
                "tpmqrt",
                openblas.LAPACKE_dtpmqrt(
                        openblas.LAPACK_COL_MAJOR,
                        (byte) 'L',
                        (byte) 'T',
                        n,
                        1,
                        n,
                        n,
                        block,
                        v,
                        n,
                        t,
                        block,
                        above,
                        n,
                        below,
                        n));
    }

    private static void check(String routine, int info) {
        if (info != 0) {
            throw new IllegalStateException("LAPACK " + routine + ": argument " + -info
                    + " is not valid, or holds a number that is not finite");
        }
    }
}
