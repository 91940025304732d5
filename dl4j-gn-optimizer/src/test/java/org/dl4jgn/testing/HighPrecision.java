package org.dl4jgn.testing;

import java.math.BigDecimal;
import java.math.MathContext;

/**
 * Exponential and logarithm to 400 digits, so that a formula written down naively keeps its digits whatever cancels: an
 * independent reference for numbers down to the least of double.
 */
public final class HighPrecision {

    public static final MathContext DIGITS = new MathContext(400);

    private static final int HALVINGS = 24;

    private HighPrecision() {}

    public static BigDecimal of(double x) {
        return new BigDecimal(x);
    }

    /** eˣ, by its series at x/2ⁿ, squared n times. */
    public static BigDecimal exp(BigDecimal x) {
        return exp(x, DIGITS);
    }

    private static BigDecimal exp(BigDecimal x, MathContext digits) {
        int halvings = HALVINGS + Math.max(0, x.precision() - x.scale()) * 4;
        BigDecimal small = x.divide(BigDecimal.valueOf(2).pow(halvings), digits);
        BigDecimal term = BigDecimal.ONE;
        BigDecimal sum = BigDecimal.ONE;
        BigDecimal least = BigDecimal.ONE.movePointLeft(digits.getPrecision() + 5);
        for (int i = 1; term.abs().compareTo(least) > 0; i++) {
            term = term.multiply(small, digits).divide(BigDecimal.valueOf(i), digits);
            sum = sum.add(term, digits);
        }
        for (int i = 0; i < halvings; i++) {
            sum = sum.multiply(sum, digits);
        }
        return sum;
    }

    /** log x for x > 0: y ← y + 2(x − eʸ)/(x + eʸ), which triples the digits. */
    public static BigDecimal log(BigDecimal x) {
        int power = x.precision() - x.scale();
        double head = x.movePointLeft(power).doubleValue();
        BigDecimal y = of(Math.log(head) + power * Math.log(10));
        for (int precision : new int[] {60, 130, 350, DIGITS.getPrecision()}) {
            MathContext digits = new MathContext(precision);
            BigDecimal e = exp(y, digits);
            y = y.add(x.subtract(e, digits).multiply(of(2)).divide(x.add(e, digits), digits), digits);
        }
        return y;
    }
}
