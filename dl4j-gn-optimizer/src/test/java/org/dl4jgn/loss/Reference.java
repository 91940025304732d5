package org.dl4jgn.loss;

import static org.dl4jgn.testing.HighPrecision.DIGITS;
import static org.dl4jgn.testing.HighPrecision.exp;
import static org.dl4jgn.testing.HighPrecision.log;
import static org.dl4jgn.testing.HighPrecision.of;

import java.math.BigDecimal;
import org.nd4j.linalg.activations.Activation;

/**
 * A loss of one example by its textbook formula, to 400 digits: ℓ(o(z), y), r = J_oᵀℓ′, and Q = J_oᵀ diag(ℓ″) J_o or, for a
 * matching pair, the Hessian in z.
 */
final class Reference {

    private static final BigDecimal ONE = BigDecimal.ONE;
    private static final BigDecimal ZERO = BigDecimal.ZERO;
    private static final BigDecimal LEAST = ONE.movePointLeft(390);

    enum Kind {
        SQUARED,
        LOGARITHMIC,
        BINARY,
        POISSON
    }

    private final Kind kind;
    private final Activation activation;
    private final int c;
    private final BigDecimal factor;
    private final BigDecimal[] y;
    private final BigDecimal[] w;
    private final BigDecimal[] o;
    private final BigDecimal[] complement;
    private final BigDecimal[][] jacobian;

    /** @param factor of the squared error */
    Reference(Kind kind, Activation activation, double factor, double[] z, double[] y, double[] w) {
        this.kind = kind;
        this.activation = activation;
        this.factor = of(factor);
        c = z.length;
        this.y = decimals(y);
        this.w = decimals(w);
        o = new BigDecimal[c];
        complement = new BigDecimal[c];
        jacobian = new BigDecimal[c][c];
        BigDecimal[] e = new BigDecimal[c];
        BigDecimal sum = ZERO;
        for (int k = 0; k < c; k++) {
            e[k] = exp(of(z[k]));
            sum = sum.add(e[k], DIGITS);
        }
        for (int k = 0; k < c; k++) {
            complement[k] = ONE.divide(ONE.add(e[k], DIGITS), DIGITS);
            BigDecimal sigmoid = e[k].divide(ONE.add(e[k], DIGITS), DIGITS);
            o[k] = switch (activation) {
                case SOFTMAX -> e[k].divide(sum, DIGITS);
                case SIGMOID -> sigmoid;
                // where e is under the 400 digits of 1 + e, the logarithm is e to as many
                case SOFTPLUS -> e[k].compareTo(LEAST) < 0 ? e[k] : log(ONE.add(e[k], DIGITS));
                default -> of(z[k]);
            };
            for (int j = 0; j < c; j++) {
                jacobian[k][j] = ZERO;
            }
            jacobian[k][k] = switch (activation) {
                case SIGMOID -> times(sigmoid, complement[k]);
                case SOFTPLUS -> sigmoid;
                default -> ONE;
            };
        }
        if (activation == Activation.SOFTMAX) {
            for (int k = 0; k < c; k++) {
                for (int j = 0; j < c; j++) {
                    jacobian[k][j] = o[k].multiply((j == k ? ONE : ZERO).subtract(o[j]), DIGITS);
                }
            }
        }
    }

    private static BigDecimal[] decimals(double[] x) {
        BigDecimal[] result = new BigDecimal[x.length];
        for (int i = 0; i < x.length; i++) {
            result[i] = of(x[i]);
        }
        return result;
    }

    private static BigDecimal times(BigDecimal a, BigDecimal b) {
        return a.multiply(b, DIGITS);
    }

    private static BigDecimal over(BigDecimal a, BigDecimal b) {
        return a.signum() == 0 ? ZERO : a.divide(b, DIGITS);
    }

    /** y log o, where a label of zero gives zero. */
    private static BigDecimal yLog(BigDecimal y, BigDecimal o) {
        return y.signum() == 0 ? ZERO : times(y, log(o));
    }

    double value() {
        BigDecimal sum = ZERO;
        for (int k = 0; k < c; k++) {
            BigDecimal term = switch (kind) {
                case SQUARED -> times(factor, times(o[k].subtract(y[k]), o[k].subtract(y[k])));
                case LOGARITHMIC -> yLog(y[k], o[k]).negate();
                case BINARY ->
                    yLog(y[k], o[k])
                            .add(yLog(ONE.subtract(y[k]), complement[k]), DIGITS)
                            .negate();
                case POISSON -> o[k].subtract(yLog(y[k], o[k]), DIGITS);
            };
            sum = sum.add(times(w[k], term), DIGITS);
        }
        return sum.doubleValue();
    }

    /** r. */
    double[] gradient() {
        double[] result = new double[c];
        for (int j = 0; j < c; j++) {
            BigDecimal sum = ZERO;
            for (int k = 0; k < c; k++) {
                sum = sum.add(times(jacobian[k][j], first(k)), DIGITS);
            }
            result[j] = sum.doubleValue();
        }
        return result;
    }

    private BigDecimal first(int k) {
        return times(
                w[k],
                switch (kind) {
                    case SQUARED -> times(factor, of(2)).multiply(o[k].subtract(y[k]), DIGITS);
                    case LOGARITHMIC -> over(y[k], o[k]).negate();
                    case BINARY -> over(ONE.subtract(y[k]), complement[k]).subtract(over(y[k], o[k]), DIGITS);
                    case POISSON -> ONE.subtract(over(y[k], o[k]), DIGITS);
                });
    }

    private BigDecimal second(int k) {
        return times(
                w[k],
                switch (kind) {
                    case SQUARED -> times(factor, of(2));
                    case LOGARITHMIC, POISSON -> over(over(y[k], o[k]), o[k]);
                    case BINARY ->
                        over(over(ONE.subtract(y[k]), complement[k]), complement[k])
                                .add(over(over(y[k], o[k]), o[k]), DIGITS);
                });
    }

    /** Q. */
    double[][] curvature() {
        double[][] result = new double[c][c];
        BigDecimal labels = ZERO;
        for (int k = 0; k < c; k++) {
            labels = labels.add(times(w[k], y[k]), DIGITS);
        }
        for (int i = 0; i < c; i++) {
            for (int j = 0; j < c; j++) {
                BigDecimal sum = ZERO;
                if (kind == Kind.LOGARITHMIC && activation == Activation.SOFTMAX) {
                    sum = times(labels, jacobian[i][j]);
                } else if (kind == Kind.BINARY && activation == Activation.SIGMOID) {
                    sum = times(w[i], jacobian[i][j]);
                } else {
                    for (int k = 0; k < c; k++) {
                        sum = sum.add(times(times(jacobian[k][i], second(k)), jacobian[k][j]), DIGITS);
                    }
                }
                result[i][j] = sum.doubleValue();
            }
        }
        return result;
    }
}
