package org.dl4jgn.linalg;

import java.util.Arrays;

/**
 * A = QR of a tall matrix by Householder reflections, in double: least squares without the normal equations, whose condition
 * number is that of A squared.
 *
 * <p>Matrices are arrays of m·n numbers column by column. The factors take the place of the matrix. Cost 2n²(m − n/3); LAPACK
 * does it where it is there and the matrix is large enough for the call to be worth it (500 × 60: 0.5 ms, here 1.9 ms).
 * Not safe for use by several threads at once.
 */
public final class QrFactors {

    /** Multiplications from which LAPACK is faster. */
    private static final double LARGE = 100_000;

    private final double[] a;
    private final int m;
    private final int n;
    private final double[] tau;

    /**
     * Factors {@code a}, which is overwritten and belongs to the factors from then on.
     *
     * @param a A, [m, n] column by column
     * @throws IllegalArgumentException if m &lt; n
     */
    public QrFactors(double[] a, int m, int n) {
        if (m < n || a.length != m * n) {
            throw new IllegalArgumentException(
                    "A QR factorization was asked of " + m + " rows, " + n + " columns in " + a.length
                            + " numbers; there must be as many rows as columns at least, and a number for each element");
        }
        this.a = a;
        this.m = m;
        this.n = n;
        tau = new double[n];
        boolean isNative = (double) m * n * n > LARGE && OpenBlasQr.isAvailable();
        if (isNative) {
            OpenBlasQr.factor(a, m, n, tau);
        } else {
            factor();
        }
    }

    private void factor() {
        for (int k = 0; k < n; k++) {
            int column = k * m;
            double norm = Columns.norm(a, column + k, m - k);
            double pivot = a[column + k];
            if (norm == 0) {
                tau[k] = 0;
                continue;
            }
            // LAPACK's convention: v has 1 in its first place, which is not stored
            double beta = pivot > 0 ? -norm : norm;
            tau[k] = (beta - pivot) / beta;
            double scale = 1 / (pivot - beta);
            for (int i = k + 1; i < m; i++) {
                a[column + i] *= scale;
            }
            a[column + k] = beta;
            for (int j = k + 1; j < n; j++) {
                reflect(k, a, j * m);
            }
        }
    }

    /** y ← (I − τvvᵀ)y for reflection k and the m numbers from {@code at} on. */
    private void reflect(int k, double[] y, int at) {
        int v = k * m;
        double sum = tau[k] * (y[at + k] + Columns.dot(a, v + k + 1, y, at + k + 1, m - k - 1));
        if (sum != 0) {
            y[at + k] -= sum;
            for (int i = k + 1; i < m; i++) {
                y[at + i] -= sum * a[v + i];
            }
        }
    }

    /**
     * {@code y ← Qᵀy}, [m]; its first n numbers are those that R is solved for. Not by LAPACK, for which all of Q would be copied
     * there and back: 2,000 × 61 takes 0.23 ms, there 0.76.
     */
    public void multiplyTransposed(double[] y) {
        for (int k = 0; k < n; k++) {
            reflect(k, y, 0);
        }
    }

    /** R at row i ≤ column j. */
    public double r(int i, int j) {
        return a[j * m + i];
    }

    /** n. */
    public int columns() {
        return n;
    }

    /** Copies R into the first rows of the matrix {@code target}, [rows, n] column by column, with zeros below it. */
    public void copyTo(double[] target, int rows) {
        for (int j = 0; j < n; j++) {
            System.arraycopy(a, j * m, target, j * rows, j + 1);
            Arrays.fill(target, j * rows + j + 1, (j + 1) * rows, 0.0);
        }
    }

    /**
     * {@code y ← R⁻¹y} for the first n numbers.
     *
     * @return false if R has a zero on its diagonal; {@code y} is of no use then
     */
    public boolean solve(double[] y) {
        return Columns.solveUpper(a, m, n, y);
    }

    /** {@code y ← R⁻ᵀy} for the first n numbers; false as for {@link #solve}. */
    public boolean solveTransposed(double[] y) {
        for (int j = 0; j < n; j++) {
            double sum = y[j];
            for (int i = 0; i < j; i++) {
                sum -= a[j * m + i] * y[i];
            }
            double pivot = a[j * m + j];
            if (pivot == 0) {
                return false;
            }
            y[j] = sum / pivot;
        }
        return true;
    }

    /** Rv, [n]. */
    public double[] multiply(double[] v) {
        double[] product = new double[n];
        for (int j = 0; j < n; j++) {
            for (int i = 0; i <= j; i++) {
                product[i] += a[j * m + i] * v[j];
            }
        }
        return product;
    }

    /** The Euclidean norms of the columns of A, which are those of R. */
    public double[] columnNorms() {
        double[] norms = new double[n];
        for (int j = 0; j < n; j++) {
            norms[j] = Columns.norm(a, j * m, j + 1);
        }
        return norms;
    }

    /**
     * R⁻¹, [n, n] column by column, from which (AᵀA)⁻¹ = R⁻¹R⁻ᵀ; null if R has a zero on its diagonal. Cost n³/3.
     *
     */
    public double @org.jspecify.annotations.Nullable [] inverse() {
        double[] inverse = new double[n * n];
        double[] column = new double[n];
        for (int j = 0; j < n; j++) {
            Arrays.fill(column, 0.0);
            column[j] = 1;
            for (int k = j; k >= 0; k--) {
                double pivot = a[k * m + k];
                if (pivot == 0) {
                    return null;
                }
                column[k] /= pivot;
                for (int i = 0; i < k; i++) {
                    column[i] -= column[k] * a[k * m + i];
                }
            }
            System.arraycopy(column, 0, inverse, j * n, j + 1);
        }
        return inverse;
    }
}
