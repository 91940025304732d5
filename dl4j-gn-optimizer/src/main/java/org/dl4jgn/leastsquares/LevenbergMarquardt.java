package org.dl4jgn.leastsquares;

import org.dl4jgn.leastsquares.Progress.Monitor;
import org.jspecify.annotations.Nullable;

/**
 * The method of Levenberg and Marquardt for least squares: settings, and the search itself.
 *
 * <p>An iteration solves min ‖Jp + r‖² + λ‖Dp‖² by QR, tries θ + p, and accepts it where the sum of squares falls by at least
 * 1e-4 of what the linear model predicts. λ follows the ratio of both as in Nielsen (1999): accepted λ·max(1/3, 1 − (2ratio −
 * 1)³), rejected λ·2, ·4, ·8, ...; a rejected trial costs one evaluation of r and 2n³/3 multiplications, and nothing of J is formed
 * again. D are the norms of J's columns, the largest so far (Moré 1978) but for a memory that fades by
 * half with each J, so that units of the parameters do not matter; for networks, whose weights have one unit, at least 0.3 of the
 * largest.
 *
 * <p>With geodesic acceleration (Transtrum, Sethna 2012) the trial is p + ½a, where a solves the same damped system for the second
 * derivative of r along p, and a trial with 2‖Da‖ &gt; 0.75‖Dp‖ is rejected: fewer iterations along curved valleys, at the cost of
 * one second derivative and one back-substitution.
 *
 * <p>Cost of an accepted iteration: J, its QR, 2n²(m − n/3), and one evaluation of r. Sources: J. J. Moré, "The
 * Levenberg-Marquardt algorithm: implementation and theory", 1978; H. B. Nielsen, "Damping parameter in Marquardt's method",
 * 1999; M. K. Transtrum, J. P. Sethna, "Improvements to the Levenberg-Marquardt algorithm for nonlinear least-squares
 * minimization", 2012. Immutable.
 */
public final class LevenbergMarquardt {

    private final int maxIterations;
    private final @Nullable Double initialDamping;
    private final boolean scaled;
    private final @Nullable Boolean geodesic;
    private final @Nullable Double leastScale;
    private final double stepTolerance;
    private final double gradientTolerance;
    private final double target;
    private final Monitor monitor;

    private LevenbergMarquardt(Builder b) {
        maxIterations = b.maxIterations;
        initialDamping = b.initialDamping;
        scaled = b.scaled;
        geodesic = b.geodesic;
        leastScale = b.leastScale;
        stepTolerance = b.stepTolerance;
        gradientTolerance = b.gradientTolerance;
        target = b.target;
        monitor = b.monitor;
        if (maxIterations < 1) {
            throw new IllegalArgumentException("maxIterations is " + maxIterations + ", but must be at least 1");
        }
        if (leastScale != null && !(leastScale >= 0 && leastScale <= 1)) {
            throw new IllegalArgumentException("leastScale is " + leastScale + ", but must be from 0 to 1");
        }
        if (initialDamping != null) {
            requirePositive("initialDamping", initialDamping);
        }
        requirePositive("stepTolerance", stepTolerance);
        requirePositive("gradientTolerance", gradientTolerance);
        if (!(target >= 0 && Double.isFinite(target))) {
            throw new IllegalArgumentException("target is " + target + ", but must be a finite number ≥ 0");
        }
    }

    private static void requirePositive(String name, double value) {
        if (!(value > 0 && Double.isFinite(value))) {
            throw new IllegalArgumentException(name + " is " + value + ", but must be a finite number > 0");
        }
    }

    /** Starts from the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** The defaults. */
    public static LevenbergMarquardt defaults() {
        return builder().build();
    }

    /**
     * Minimizes ‖r(θ)‖² from {@code start}.
     *
     * @param start θ, [n]; not changed
     * @throws IllegalArgumentException if the start has another length, or r is not finite there
     */
    public LeastSquaresResult minimize(Residuals residuals, double... start) {
        LevenbergMarquardtSearch search = search(residuals, start);
        Ending ending = null;
        while (ending == null) {
            ending = search.iterate();
        }
        return search.result(ending);
    }

    /** A search that its caller runs, trial by trial; arguments as for {@link #minimize}. */
    public LevenbergMarquardtSearch search(Residuals residuals, double... start) {
        return new LevenbergMarquardtSearch(this, residuals, start);
    }

    int maxIterations() {
        return maxIterations;
    }

    /** λ of the first trial on these residuals. */
    double initialDamping(Residuals residuals) {
        return initialDamping == null ? residuals.initialDamping() : initialDamping;
    }

    boolean isScaled() {
        return scaled;
    }

    /** Whether to accelerate on these residuals. */
    boolean isGeodesic(Residuals residuals) {
        if (geodesic == null) {
            return residuals.hasCurvature();
        }
        if (geodesic && !residuals.hasCurvature()) {
            throw new IllegalArgumentException(
                    "Geodesic acceleration was asked for, but the residuals have no second derivative; leave it out");
        }
        return geodesic;
    }

    /** The smallest element of D relative to the largest on these residuals. */
    double leastScale(Residuals residuals) {
        return leastScale == null ? residuals.leastScale() : leastScale;
    }

    double stepTolerance() {
        return stepTolerance;
    }

    double gradientTolerance() {
        return gradientTolerance;
    }

    double target() {
        return target;
    }

    Monitor monitor() {
        return monitor;
    }

    /** Builds settings. */
    public static final class Builder {

        private int maxIterations = 1000;
        private @Nullable Double initialDamping;
        private boolean scaled = true;
        private @Nullable Boolean geodesic;
        private @Nullable Double leastScale;
        private double stepTolerance = 1e-12;
        private double gradientTolerance = 1e-14;
        private double target;
        private Monitor monitor = progress -> true;

        private Builder() {}

        /** Iterations, rejected trials included; default 1000. */
        public Builder maxIterations(int count) {
            maxIterations = count;
            return this;
        }

        /**
         * λ of the first trial, relative to the squared norms of J's columns; default: what the residuals say, 1e-3 for curves and
         * graphs, 0.1 for networks of DL4J. For a bad start up to 1.
         */
        public Builder initialDamping(double lambda) {
            initialDamping = lambda;
            return this;
        }

        /** Whether D are the norms of J's columns; default true. With false D = I. */
        public Builder scaled(boolean byColumns) {
            scaled = byColumns;
            return this;
        }

        /**
         * The smallest element of D relative to the largest, from 0 to 1; default: what the residuals say, 0 for curves and graphs,
         * 0.3 for networks of DL4J. 0.3 for a graph whose parameters are the weights of a network.
         */
        public Builder leastScale(double share) {
            leastScale = share;
            return this;
        }

        /**
         * Whether trials follow the curvature of r; default: where the residuals have second derivatives. On NIST's problems
         * it takes a third of the iterations off, and of the slowest, Bennett5 and Lanczos2, two thirds and more.
         */
        public Builder geodesicAcceleration(boolean accelerated) {
            geodesic = accelerated;
            return this;
        }

        /** The search ends where the undamped step changes no parameter by more than this share of it; default 1e-12. */
        public Builder stepTolerance(double relative) {
            stepTolerance = relative;
            return this;
        }

        /** It ends where the cosine of the angle between r and the columns of J is below this; default 1e-14. */
        public Builder gradientTolerance(double cosine) {
            gradientTolerance = cosine;
            return this;
        }

        /** It ends where ‖r‖² is at most this; default 0. */
        public Builder target(double sumOfSquares) {
            target = sumOfSquares;
            return this;
        }

        /** Sees each iteration, and can end the search. */
        public Builder monitor(Monitor each) {
            monitor = each;
            return this;
        }

        /**
         * Builds.
         *
         * @throws IllegalArgumentException naming the setting, its value and the allowed range
         */
        public LevenbergMarquardt build() {
            return new LevenbergMarquardt(this);
        }
    }
}
