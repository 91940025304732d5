package org.dl4jgn.linalg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.dl4jgn.testing.Tolerances;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** QR of matrices small enough for the loops of this library, and large enough for LAPACK. */
class QrFactorsTest {

    private static double[] random(int count, long seed) {
        return new Random(seed).doubles(count, -1, 1).toArray();
    }

    /** AᵀA at row i and column j. */
    private static double normal(double[] a, int m, int i, int j) {
        double sum = 0;
        for (int k = 0; k < m; k++) {
            sum += a[i * m + k] * a[j * m + k];
        }
        return sum;
    }

    @ParameterizedTest
    @CsvSource({"4, 4", "9, 3", "200, 40", "60, 60"})
    void factorsAreThoseOfTheNormalMatrix(int m, int n) {
        double[] a = random(m * n, 1);
        QrFactors qr = new QrFactors(a.clone(), m, n);
        for (int i = 0; i < n; i++) {
            for (int j = i; j < n; j++) {
                double sum = 0;
                for (int k = 0; k <= i; k++) {
                    sum += qr.r(k, i) * qr.r(k, j);
                }
                assertEquals(normal(a, m, i, j), sum, Tolerances.ROUNDING);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"9, 3", "200, 40"})
    void leastSquaresSolutionLeavesAResidualAtRightAngles(int m, int n) {
        double[] a = random(m * n, 2);
        double[] y = random(m, 3);
        QrFactors qr = new QrFactors(a.clone(), m, n);
        double[] x = y.clone();
        qr.multiplyTransposed(x);
        assertTrue(qr.solve(x));
        double[] residual = y.clone();
        for (int j = 0; j < n; j++) {
            for (int i = 0; i < m; i++) {
                residual[i] -= a[j * m + i] * x[j];
            }
        }
        for (int j = 0; j < n; j++) {
            double product = 0;
            for (int i = 0; i < m; i++) {
                product += a[j * m + i] * residual[i];
            }
            assertEquals(0, product, Tolerances.ROUNDING);
        }
    }

    @Test
    void inverseAndTransposedSolutionsAgree() {
        int n = 5;
        QrFactors qr = new QrFactors(random(12 * n, 4), 12, n);
        double[] inverse = qr.inverse();
        for (int i = 0; i < n; i++) {
            double[] unit = new double[n];
            unit[i] = 1;
            assertTrue(qr.solveTransposed(unit));
            for (int j = 0; j < n; j++) {
                // R⁻ᵀ e_i is row i of R⁻¹
                assertEquals(inverse[j * n + i], unit[j], Tolerances.ROUNDING);
            }
        }
    }

    /** The same least-squares problem with all 2n rows, and a zero on the diagonal, which damps nothing. */
    @ParameterizedTest
    @CsvSource({"1", "5", "40", "90"})
    void dampedSolutionIsThatOfTheStackedMatrix(int n) {
        double[] a = random(2 * n * n, 5);
        QrFactors top = new QrFactors(a, 2 * n, n);
        double[] diagonal = random(n, 6);
        diagonal[0] = 0;
        double[] stacked = new double[2 * n * n];
        top.copyTo(stacked, 2 * n);
        for (int i = 0; i < n; i++) {
            stacked[i * 2 * n + n + i] = diagonal[i];
        }
        double[] y = random(n, 7);
        double[] expected = Arrays.copyOf(y, 2 * n);
        QrFactors all = new QrFactors(stacked, 2 * n, n);
        all.multiplyTransposed(expected);
        assertTrue(all.solve(expected));
        double[] x = new DampedFactors(top, diagonal).solve(y);
        for (int i = 0; i < n; i++) {
            assertEquals(expected[i], x[i], Tolerances.ROUNDING);
        }
    }

    @Test
    void diagonalOfAnotherLengthIsRefused() {
        QrFactors top = new QrFactors(random(8, 1), 4, 2);
        assertThrows(IllegalArgumentException.class, () -> new DampedFactors(top, new double[3]));
    }

    @Test
    void columnOfZerosHasNoSolution() {
        QrFactors qr = new QrFactors(new double[] {1, 2, 3, 0, 0, 0}, 3, 2);
        assertFalse(qr.solve(new double[] {1, 1, 1}));
        assertEquals(null, qr.inverse());
    }

    @Test
    void wideMatrixIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new QrFactors(new double[6], 2, 3));
    }
}
