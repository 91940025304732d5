package org.dl4jgn.leastsquares;

import java.util.Arrays;
import org.dl4jgn.linalg.Columns;
import org.dl4jgn.linalg.QrFactors;

/**
 * Where a search ended, and what is known about the parameters there.
 *
 * <p>Uncertainties are those of the linearized model with independent errors of one variance: s² = S/(m − n), covariance
 * s²(JᵀJ)⁻¹, from J's QR factors.
 */
public final class LeastSquaresResult {

    private final Ending ending;
    private final double[] parameters;
    private final double[] residuals;
    private final double sumOfSquares;
    private final QrFactors factors;
    private final int iterations;
    private final int evaluations;
    private final int jacobians;
    private final double condition;

    LeastSquaresResult(
            Ending ending,
            double[] parameters,
            double[] residuals,
            double sumOfSquares,
            QrFactors factors,
            int iterations,
            int evaluations,
            int jacobians,
            double condition) {
        this.ending = ending;
        this.parameters = parameters;
        this.residuals = residuals;
        this.sumOfSquares = sumOfSquares;
        this.factors = factors;
        this.iterations = iterations;
        this.evaluations = evaluations;
        this.jacobians = jacobians;
        this.condition = condition;
    }

    /** Why the search ended. */
    public Ending ending() {
        return ending;
    }

    /** Whether the parameters are those of a local minimum, to the tolerances. */
    public boolean isConverged() {
        return ending.isConverged();
    }

    /** θ, [n]. */
    public double[] parameters() {
        return parameters.clone();
    }

    /** r(θ), [m]. */
    public double[] residuals() {
        return residuals.clone();
    }

    /** S = ‖r‖². */
    public double sumOfSquares() {
        return sumOfSquares;
    }

    /** m − n. */
    public int degreesOfFreedom() {
        return residuals.length - parameters.length;
    }

    /**
     * s = √(S/(m − n)), the standard deviation of an observation.
     *
     * @throws IllegalStateException if there are no more residuals than parameters
     */
    public double residualStandardDeviation() {
        if (degreesOfFreedom() <= 0) {
            throw new IllegalStateException(residuals.length + " residuals for " + parameters.length
                    + " parameters leave no degrees of freedom, and nothing is known about errors");
        }
        return Math.sqrt(sumOfSquares / degreesOfFreedom());
    }

    /**
     * s²(JᵀJ)⁻¹, [n][n].
     *
     * @throws IllegalStateException if there are no degrees of freedom, or J has not full rank
     */
    public double[][] covariance() {
        double s = residualStandardDeviation();
        double[] inverse = inverse();
        int n = parameters.length;
        double[][] covariance = new double[n][n];
        for (int a = 0; a < n; a++) {
            for (int b = 0; b <= a; b++) {
                double sum = 0;
                for (int k = a; k < n; k++) {
                    sum += inverse[k * n + a] * inverse[k * n + b];
                }
                covariance[a][b] = s * s * sum;
                covariance[b][a] = covariance[a][b];
            }
        }
        return covariance;
    }

    private double[] inverse() {
        double[] inverse = factors.inverse();
        if (inverse == null) {
            throw new IllegalStateException(
                    "The Jacobian has not full rank: the data do not determine every parameter, and there are no errors of them");
        }
        return inverse;
    }

    /** The standard errors of the parameters, √ of the covariance's diagonal, [n]; errors as for {@link #covariance}. */
    public double[] standardErrors() {
        double[][] covariance = covariance();
        double[] errors = new double[parameters.length];
        Arrays.setAll(errors, i -> Math.sqrt(covariance[i][i]));
        return errors;
    }

    /**
     * The standard error of a quantity f(θ): s‖R⁻ᵀ∇f‖.
     *
     * @param gradient ∇f at {@link #parameters()}, [n]
     */
    public double standardError(double... gradient) {
        if (gradient.length != parameters.length) {
            throw new IllegalArgumentException("The gradient has " + gradient.length + " numbers, but there are "
                    + parameters.length + " parameters");
        }
        double s = residualStandardDeviation();
        double[] y = gradient.clone();
        if (!factors.solveTransposed(y)) {
            inverse();
        }
        return s * Columns.norm(y);
    }

    /**
     * The standard errors of predictions f(θ): √diag(J_p C J_pᵀ), with C the {@link #covariance}, formed as s‖R⁻ᵀ∇fᵢ‖ of each. They
     * are those of the curve; a new observation scatters about it by √(s² + error²). Cost n² each.
     *
     * @param jacobian J_p at {@link #parameters()}, [k][n]: a row of derivatives for each prediction
     * @return [k]
     * @throws IllegalArgumentException if a row has another length
     * @throws IllegalStateException as {@link #covariance}
     */
    public double[] predictionErrors(double[][] jacobian) {
        return Arrays.stream(jacobian).mapToDouble(this::standardError).toArray();
    }

    /** Iterations, rejected trials included. */
    public int iterations() {
        return iterations;
    }

    /** Evaluations of r. */
    public int evaluations() {
        return evaluations;
    }

    /** Evaluations of J. */
    public int jacobians() {
        return jacobians;
    }

    /** The condition number of J with columns of length 1, in the Frobenius norm; ∞ where it has not full rank. */
    public double condition() {
        return condition;
    }

    @Override
    public String toString() {
        return ending + " after " + iterations + " iterations: sum of squares " + sumOfSquares + " ("
                + ending.explanation() + ")";
    }
}
