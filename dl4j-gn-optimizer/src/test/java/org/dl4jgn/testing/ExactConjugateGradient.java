package org.dl4jgn.testing;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The iterates of conjugate gradients, free of rounding: in decimal arithmetic of 120 digits.
 *
 * <p>In float64 they can be far from these: where a few eigenvalues dominate, rounding destroys the orthogonality of the
 * residuals within some iterations.
 */
public final class ExactConjugateGradient {

    private static final MathContext DIGITS = new MathContext(120);

    private ExactConjugateGradient() {}

    /** Δ after k iterations for (A + ρI)Δ = −h from zero, with a diagonal preconditioner's inverse or null. */
    public static double[] iterate(Matrix a, double rho, double[] h, double @Nullable [] inverseDiagonal, int k) {
        BigDecimal[][] shifted =
                Arrays.stream(a.elements()).map(ExactConjugateGradient::exact).toArray(BigDecimal[][]::new);
        BigDecimal[] precondition = inverseDiagonal == null ? null : exact(inverseDiagonal);
        BigDecimal shift = new BigDecimal(rho);
        BigDecimal[] delta = exact(new double[h.length]);
        BigDecimal[] s = exact(h);
        BigDecimal[] y = product(precondition, s);
        BigDecimal[] p = combine(BigDecimal.ZERO, y, BigDecimal.ONE.negate(), y);
        BigDecimal sy = dot(s, y);
        for (int i = 0; i < k && sy.signum() != 0; i++) {
            BigDecimal[] ap = new BigDecimal[h.length];
            for (int j = 0; j < h.length; j++) {
                ap[j] = dot(shifted[j], p).add(shift.multiply(p[j], DIGITS), DIGITS);
            }
            BigDecimal alpha = sy.divide(dot(p, ap), DIGITS);
            delta = combine(BigDecimal.ONE, delta, alpha, p);
            s = combine(BigDecimal.ONE, s, alpha, ap);
            y = product(precondition, s);
            BigDecimal next = dot(s, y);
            p = combine(next.divide(sy, DIGITS), p, BigDecimal.ONE.negate(), y);
            sy = next;
        }
        return Arrays.stream(delta).mapToDouble(BigDecimal::doubleValue).toArray();
    }

    private static BigDecimal[] exact(double[] x) {
        return Arrays.stream(x).mapToObj(e -> new BigDecimal(e, DIGITS)).toArray(BigDecimal[]::new);
    }

    private static BigDecimal[] product(BigDecimal @Nullable [] diagonal, BigDecimal[] x) {
        if (diagonal == null) {
            return x;
        }
        BigDecimal[] result = new BigDecimal[x.length];
        for (int i = 0; i < x.length; i++) {
            result[i] = diagonal[i].multiply(x[i], DIGITS);
        }
        return result;
    }

    private static BigDecimal dot(BigDecimal[] x, BigDecimal[] y) {
        BigDecimal sum = BigDecimal.ZERO;
        for (int i = 0; i < x.length; i++) {
            sum = sum.add(x[i].multiply(y[i], DIGITS), DIGITS);
        }
        return sum;
    }

    /** ax + by. */
    private static BigDecimal[] combine(BigDecimal a, BigDecimal[] x, BigDecimal b, BigDecimal[] y) {
        BigDecimal[] result = new BigDecimal[x.length];
        for (int i = 0; i < x.length; i++) {
            result[i] = a.multiply(x[i], DIGITS).add(b.multiply(y[i], DIGITS), DIGITS);
        }
        return result;
    }
}
