package org.dl4jgn.linalg;

import java.util.Arrays;

/**
 * [R; E] = Q̃R̃ for a triangle R and a diagonal E, both [n, n]: what another damping costs once A = QR is there, as Minpack's
 * {@code qrsolv}.
 *
 * <p>E fills in above its diagonal alone, so that this takes 2n³/3 multiplications where a QR of the 2n rows takes 10n³/3.
 * LAPACK's {@code tpqrt} where it is there and the matrix large enough. Not safe for use by several threads at once.
 */
public final class DampedFactors {

    /** Multiplications from which LAPACK is faster. */
    private static final double LARGE = 100_000;

    /** Columns that LAPACK takes at once. */
    static final int BLOCK = 32;

    private final int n;
    private final double[] r;
    private final double[] v;
    private final double[] tau;
    private final boolean isNative;

    /**
     * Factors; neither argument is changed.
     *
     * @param top the factors with R
     * @param diagonal E, [n]
     * @throws IllegalArgumentException if the lengths differ
     */
    public DampedFactors(QrFactors top, double[] diagonal) {
        n = top.columns();
        if (diagonal.length != n) {
            throw new IllegalArgumentException(
                    "The diagonal has " + diagonal.length + " numbers, but the triangle above it " + n + " columns");
        }
        r = new double[n * n];
        top.copyTo(r, n);
        v = new double[n * n];
        for (int i = 0; i < n; i++) {
            v[i * n + i] = diagonal[i];
        }
        isNative = (double) n * n * n > LARGE && OpenBlasQr.isAvailable();
        tau = new double[isNative ? BLOCK * n : n];
        if (isNative) {
            OpenBlasQr.factorStacked(r, v, n, BLOCK, tau);
        } else {
            factor();
        }
    }

    /** Column k's reflection takes row k of R and the rows of E up to k, which is as far as E has filled in. */
    private void factor() {
        for (int k = 0; k < n; k++) {
            int column = k * n;
            double pivot = r[column + k];
            double below = Columns.norm(v, column, k + 1);
            if (below == 0) {
                tau[k] = 0;
                continue;
            }
            double norm = Math.hypot(pivot, below);
            double beta = pivot > 0 ? -norm : norm;
            tau[k] = (beta - pivot) / beta;
            double scale = 1 / (pivot - beta);
            for (int i = 0; i <= k; i++) {
                v[column + i] *= scale;
            }
            r[column + k] = beta;
            for (int j = k + 1; j < n; j++) {
                reflect(k, r, j * n + k, v, j * n);
            }
        }
    }

    /** One reflection of a number above and k + 1 numbers below. */
    private void reflect(int k, double[] above, int atAbove, double[] below, int atBelow) {
        int column = k * n;
        double sum = above[atAbove];
        for (int i = 0; i <= k; i++) {
            sum += v[column + i] * below[atBelow + i];
        }
        sum *= tau[k];
        if (sum != 0) {
            above[atAbove] -= sum;
            for (int i = 0; i <= k; i++) {
                below[atBelow + i] -= sum * v[column + i];
            }
        }
    }

    /**
     * x of min ‖Rx − y‖² + ‖Ex‖².
     *
     * @param y [n], not changed
     * @return [n]; NaN throughout where the stacked matrix has not full rank
     */
    public double[] solve(double[] y) {
        double[] x = y.clone();
        double[] zeros = new double[n];
        if (isNative) {
            OpenBlasQr.multiplyStackedTransposed(v, n, BLOCK, tau, x, zeros);
        } else {
            for (int k = 0; k < n; k++) {
                reflect(k, x, k, zeros, 0);
            }
        }
        if (!Columns.solveUpper(r, n, n, x)) {
            Arrays.fill(x, Double.NaN);
        }
        return x;
    }
}
