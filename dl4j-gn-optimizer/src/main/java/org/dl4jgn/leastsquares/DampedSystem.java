package org.dl4jgn.leastsquares;

import java.util.Arrays;
import org.dl4jgn.linalg.Columns;
import org.dl4jgn.linalg.DampedFactors;
import org.dl4jgn.linalg.QrFactors;

/**
 * The linearized problem at one θ, min ‖Jp + r‖² + λ‖Dp‖², for as many λ as are asked for: J = QR is factored once, and each λ
 * takes the factorization of [R; √λ D], 2n³/3 multiplications, whatever m is.
 */
final class DampedSystem {

    /**
     * What is left of D from one J to the next. Moré's D never falls; where columns shrink by a thousand, as in NIST's MGH10 from
     * afar, it then holds parameters back for ever, and with the norms of the moment alone MGH17 and BoxBOD run away.
     */
    private static final double FADING = 0.5;

    private final QrFactors jacobian;
    private final int n;
    private final int rows;
    private final double[] q;
    private final double[] scale;

    /**
     * Factors.
     *
     * @param j J, [rows, n] column by column, with zeros below its m rows; overwritten
     * @param rows the larger of m and n
     * @param r r, [m]
     * @param scale D, [n], all &gt; 0; renewed here from the norms of J's columns
     * @param least the smallest element of D relative to the largest
     */
    DampedSystem(double[] j, int rows, double[] r, double[] scale, double least) {
        n = scale.length;
        this.rows = rows;
        this.scale = scale;
        jacobian = new QrFactors(j, rows, n);
        q = rotated(r);
        double[] norms = jacobian.columnNorms();
        double largest = 0;
        for (int i = 0; i < n; i++) {
            scale[i] = Math.max(FADING * scale[i], norms[i]);
            largest = Math.max(largest, scale[i]);
        }
        for (int i = 0; i < n; i++) {
            scale[i] = Math.max(least * largest, scale[i]);
        }
    }

    /** The part of a vector that J can reach, QᵀR-coordinates: the first n numbers of Qᵀy, for y [m]. */
    double[] rotated(double[] y) {
        double[] all = new double[rows];
        System.arraycopy(y, 0, all, 0, y.length);
        jacobian.multiplyTransposed(all);
        double[] first = new double[n];
        System.arraycopy(all, 0, first, 0, n);
        return first;
    }

    /**
     * ‖Jp⁺‖ with p⁺ the undamped step: the part of ‖r‖ that a linear model can take away. Without columns that are nothing but
     * rounding behind those before them, whose direction in Q is any.
     */
    double reachable() {
        double[] norms = jacobian.columnNorms();
        double[] reached = q.clone();
        for (int i = 0; i < n; i++) {
            double pivot = Math.abs(jacobian.r(i, i));
            if (pivot <= rounding(norms[i]) && !(pivot == 0 && isReachedLater(i, norms))) {
                reached[i] = 0;
            }
        }
        return Columns.norm(reached);
    }

    private double rounding(double norm) {
        return rows * Math.ulp(1.0) * norm;
    }

    /** Whether a row that its own column left as it was, a column of zeros for instance, is there for the columns behind. */
    private boolean isReachedLater(int row, double[] norms) {
        for (int j = row + 1; j < n; j++) {
            if (Math.abs(jacobian.r(row, j)) > rounding(norms[j])) {
                return true;
            }
        }
        return false;
    }

    /** The undamped Gauss-Newton step −R⁻¹q; numbers that are not finite where J has not full rank. */
    double[] undamped() {
        double[] p = q.clone();
        if (!jacobian.solve(p)) {
            Arrays.fill(p, Double.NaN);
        }
        negate(p);
        return p;
    }

    /** The solution for a λ and for right-hand sides that come with it. */
    Damped damped(double lambda) {
        double[] diagonal = new double[n];
        double root = Math.sqrt(lambda);
        for (int i = 0; i < n; i++) {
            diagonal[i] = root * scale[i];
        }
        return new Damped(lambda, new DampedFactors(jacobian, diagonal));
    }

    /** The factors of J, for covariances. */
    QrFactors jacobian() {
        return jacobian;
    }

    /** ‖Dp‖. */
    double scaledNorm(double[] p) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += scale[i] * scale[i] * p[i] * p[i];
        }
        return Math.sqrt(sum);
    }

    /**
     * The condition number of J with its columns scaled to length 1, in the Frobenius norm and so at least n; ∞ where it has
     * not full rank. Cost n³/3.
     */
    double condition() {
        double[] inverse = jacobian.inverse();
        if (inverse == null) {
            return Double.POSITIVE_INFINITY;
        }
        double[] norms = jacobian.columnNorms();
        double sum = 0;
        for (int j = 0; j < n; j++) {
            for (int i = 0; i <= j; i++) {
                double element = inverse[j * n + i] * norms[i];
                sum += element * element;
            }
        }
        double condition = Math.sqrt(sum * n);
        return Double.isNaN(condition) ? Double.POSITIVE_INFINITY : condition;
    }

    private static void negate(double[] x) {
        for (int i = 0; i < x.length; i++) {
            x[i] = -x[i];
        }
    }

    /** The system for one λ. */
    final class Damped {

        private final double lambda;
        private final DampedFactors factors;

        private Damped(double lambda, DampedFactors factors) {
            this.lambda = lambda;
            this.factors = factors;
        }

        /** −(JᵀJ + λD²)⁻¹Jᵀr. */
        double[] step() {
            return solve(q);
        }

        /** −(JᵀJ + λD²)⁻¹Jᵀy for what {@link DampedSystem#rotated} made of y; a solution with the factors that are there. */
        double[] solve(double[] rotated) {
            double[] p = factors.solve(rotated);
            negate(p);
            return p;
        }

        /** What the linear model says that ½‖r‖² falls by: ½‖Jp‖² + λ‖Dp‖², for {@code p} of {@link #step}. */
        double predictedReduction(double[] p) {
            double image = Columns.norm(jacobian.multiply(p));
            double scaled = scaledNorm(p);
            return image * image / 2 + lambda * scaled * scaled;
        }
    }
}
