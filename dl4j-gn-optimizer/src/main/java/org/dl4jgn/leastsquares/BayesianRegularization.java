package org.dl4jgn.leastsquares;

import org.jspecify.annotations.Nullable;

/**
 * Least squares with a penalty that sets itself: β‖r‖² + α‖θ‖², with α and β from the evidence of the data.
 *
 * <p>After each accepted iteration of {@link LevenbergMarquardt},
 *
 * <pre>
 *     γ = n − α tr (βJᵀJ + αI)⁻¹,    α = γ / ‖θ‖²,    β = (m − γ) / ‖r‖²,
 * </pre>
 *
 * where γ, between 0 and n, is the number of parameters that the data determine. The trace comes from the QR factors that the
 * iteration has anyway. 1/β is the variance of the noise that is left. It needs no examples held back, and a network may be larger
 * than it has to be; it wants residuals that are independent and of one size, and more of them than γ. Sources: D. J. C. MacKay,
 * "Bayesian interpolation", 1992; F. D. Foresee, M. T. Hagan, "Gauss-Newton approximation to Bayesian learning", 1997
 * (MATLAB's {@code trainbr}). Immutable.
 */
public final class BayesianRegularization {

    /** Changes of γ that end the search, relative to n. */
    private static final double SETTLED = 1e-6;

    private static final int PATIENCE = 5;

    private static final double FIRST_MU = 1e-4;

    private final LevenbergMarquardt method;

    /** Regularizes the searches of a method, whose tolerances, limits and monitor hold. */
    public BayesianRegularization(LevenbergMarquardt method) {
        this.method = method;
    }

    /**
     * What was found.
     *
     * @param parameters θ, [n]
     * @param effectiveParameters γ
     * @param alpha α
     * @param beta β, 1/variance of the noise
     * @param sumOfSquares ‖r‖², without the penalty
     * @param ending why the search ended: {@link Ending#STEP} where γ and the sum have settled
     * @param iterations iterations, rejected trials included
     */
    public record Result(
            double[] parameters,
            double effectiveParameters,
            double alpha,
            double beta,
            double sumOfSquares,
            Ending ending,
            int iterations) {}

    /**
     * Minimizes from {@code start}.
     *
     * @throws IllegalArgumentException as {@link LevenbergMarquardt#minimize}
     */
    public Result minimize(Residuals residuals, double... start) {
        RidgeResiduals ridge = new RidgeResiduals(residuals, FIRST_MU);
        LevenbergMarquardtSearch search = method.search(ridge, start);
        int m = residuals.count();
        int n = residuals.parameters();
        double mu = FIRST_MU;
        double gamma = n;
        double alpha = 0;
        double beta = 1;
        int settled = 0;
        double before = Double.NaN;
        @Nullable Ending ending = null;
        while (ending == null) {
            ending = search.iterate();
            if (search.sumOfSquares() == before && ending == null) {
                continue;
            }
            double last = gamma;
            double[] theta = search.parameters();
            double weights = square(theta);
            double errors = Math.max(search.sumOfSquares() - mu * weights, Double.MIN_NORMAL);
            gamma = effective(search, mu, n);
            alpha = gamma / Math.max(weights, Double.MIN_NORMAL);
            beta = Math.max(m - gamma, 1) / errors;
            boolean isSettled = Math.abs(gamma - last) <= SETTLED * n;
            settled = isSettled ? settled + 1 : 0;
            if (ending == Ending.ITERATIONS || ending == Ending.STOPPED) {
                break;
            }
            if (settled >= PATIENCE) {
                ending = Ending.STEP;
                break;
            }
            // a minimum for the last μ is not one for the next
            ending = null;
            mu = alpha / beta;
            ridge.setMu(mu);
            search.evaluate();
            before = search.sumOfSquares();
        }
        double[] theta = search.parameters();
        return new Result(
                theta,
                gamma,
                alpha,
                beta,
                search.sumOfSquares() - mu * square(theta),
                ending == null ? Ending.STEP : ending,
                search.iterations());
    }

    /** n − μ tr(JᵀJ + μI)⁻¹ = n − μ‖R⁻¹‖², with R the factor of J and √μI. */
    private static double effective(LevenbergMarquardtSearch search, double mu, int n) {
        double[] inverse = search.factors().inverse();
        if (inverse == null) {
            return n;
        }
        return Math.max(0, n - mu * square(inverse));
    }

    private static double square(double[] x) {
        double sum = 0;
        for (double value : x) {
            sum += value * value;
        }
        return sum;
    }
}
