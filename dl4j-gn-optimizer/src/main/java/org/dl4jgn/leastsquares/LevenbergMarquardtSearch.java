package org.dl4jgn.leastsquares;

import java.util.Arrays;
import org.dl4jgn.linalg.QrFactors;
import org.jspecify.annotations.Nullable;

/**
 * A search under way: θ, r there, and the damping. For those who want to look in between; {@link LevenbergMarquardt#minimize}
 * runs one to its end.
 */
public final class LevenbergMarquardtSearch {

    /** A trial is accepted where it brings at least this share of what was predicted. */
    private static final double ACCEPTED = 1e-4;

    /** Nielsen's smallest factor of the damping after an accepted trial. */
    private static final double LEAST_FACTOR = 1.0 / 3;

    /** Transtrum and Sethna's bound of the ratio of the second-order step to the first-order one. */
    private static final double CURVATURE_BOUND = 0.75;

    private static final double UNIT = Math.ulp(1.0);

    /** J has not full rank for what can be known of it from here on, relative to unit roundoff. */
    private static final double SINGULAR = 1 / (16 * UNIT);

    /** Iterations within rounding in which the undamped step has to become shorter by half. */
    private static final int PATIENCE = 6;

    private final LevenbergMarquardt settings;
    private final Residuals residuals;
    private final int m;
    private final int n;
    private final int rows;
    private final double[] scale;
    private final boolean isGeodesic;
    private final double leastScale;
    private final double[] trial;
    private final long start = System.nanoTime();

    private double[] theta;
    private double[] r;
    private double[] next;
    private double sum;
    private double lambda;
    private double growth = 2;
    private @Nullable DampedSystem system;
    private double offset = Double.NaN;
    private int iterations;
    private int evaluations;
    private int jacobians;
    private double shortest = Double.POSITIVE_INFINITY;
    private int patience;
    private int quiet;

    LevenbergMarquardtSearch(LevenbergMarquardt settings, Residuals residuals, double[] from) {
        this.settings = settings;
        this.residuals = residuals;
        m = residuals.count();
        n = residuals.parameters();
        if (from.length != n) {
            throw new IllegalArgumentException(
                    "The start has " + from.length + " numbers, but the residuals have " + n + " parameters");
        }
        rows = Math.max(m, n);
        theta = from.clone();
        trial = new double[n];
        scale = new double[n];
        r = new double[m];
        next = new double[m];
        lambda = settings.initialDamping(residuals);
        isGeodesic = settings.isGeodesic(residuals);
        leastScale = settings.leastScale(residuals);
        evaluate();
        if (!Double.isFinite(sum)) {
            throw new IllegalArgumentException("The residuals are not finite at the start " + Arrays.toString(theta)
                    + " (sum of squares " + sum + "); begin where the model can be computed");
        }
    }

    /** Computes r at θ anew: to be called where the residuals themselves have changed. */
    public void evaluate() {
        residuals.values(theta, r);
        evaluations++;
        sum = square(r);
        system = null;
    }

    /**
     * One trial.
     *
     * @return why the search ends, or null if it is to go on
     */
    public @Nullable Ending iterate() {
        DampedSystem at = system;
        if (at == null) {
            at = linearize();
            system = at;
            Ending ending = endingAt(at);
            if (ending != null) {
                return ending;
            }
        }
        if (iterations >= settings.maxIterations()) {
            return Ending.ITERATIONS;
        }
        iterations++;
        return attempt(at);
    }

    private DampedSystem linearize() {
        double[] j = new double[rows * n];
        residuals.jacobian(theta, j, rows);
        jacobians++;
        if (!settings.isScaled()) {
            Arrays.fill(scale, 1.0);
            DampedSystem plain = new DampedSystem(j, rows, r, scale, leastScale);
            Arrays.fill(scale, 1.0);
            return plain;
        }
        DampedSystem scaled = new DampedSystem(j, rows, r, scale, leastScale);
        for (int i = 0; i < n; i++) {
            scale[i] = scale[i] > 0 ? scale[i] : 1;
        }
        return scaled;
    }

    /** Whether θ is where the search can end. */
    private @Nullable Ending endingAt(DampedSystem at) {
        double norm = Math.sqrt(sum);
        double reachable = at.reachable();
        offset = norm == 0 ? 0 : reachable / norm;
        double known = UNIT * residuals.magnitude();
        if (norm <= known) {
            return Ending.EXACT;
        }
        if (sum <= settings.target()) {
            return Ending.TARGET;
        }
        double step = relativeSize(at.undamped());
        if (step <= settings.stepTolerance()) {
            return ranked(at, Ending.STEP);
        }
        if (reachable <= Math.max(settings.gradientTolerance() * norm, known)) {
            return ranked(at, Ending.GRADIENT);
        }
        if (reachable * reachable / 2 > noise(norm)) {
            shortest = Double.POSITIVE_INFINITY;
            return null;
        }
        // the sum of squares cannot tell any more: go on as long as the steps become shorter
        if (step < shortest / 2) {
            shortest = step;
            patience = PATIENCE;
            return null;
        }
        patience--;
        return patience > 0 && Double.isFinite(step) ? null : ranked(at, Ending.GRADIENT);
    }

    private static Ending ranked(DampedSystem at, Ending ending) {
        return at.condition() < SINGULAR ? ending : Ending.SINGULAR;
    }

    /** How far ½‖r‖² can be off by the rounding of r. */
    private double noise(double norm) {
        return UNIT * norm * (norm + residuals.magnitude());
    }

    /** maxᵢ |pᵢ| / |θᵢ|; ∞ if it is not a number. */
    private double relativeSize(double[] p) {
        double largest = 0;
        for (int i = 0; i < n; i++) {
            double size = p[i] == 0 ? 0 : Math.abs(p[i]) / Math.abs(theta[i]);
            if (!(size <= largest)) {
                largest = size;
            }
        }
        return Double.isNaN(largest) ? Double.POSITIVE_INFINITY : largest;
    }

    private @Nullable Ending attempt(DampedSystem at) {
        double used = lambda;
        DampedSystem.Damped damped = at.damped(used);
        double[] p = damped.step();
        double predicted = damped.predictedReduction(p);
        boolean isBent = isGeodesic && !accelerate(at, damped, p);
        boolean moves = false;
        for (int i = 0; i < n; i++) {
            trial[i] = theta[i] + p[i];
            moves |= trial[i] != theta[i];
        }
        double ratio = isBent ? Double.NEGATIVE_INFINITY : ratio(predicted);
        quiet = predicted <= noise(Math.sqrt(sum)) ? quiet + 1 : 0;
        boolean isAccepted = moves && ratio > ACCEPTED;
        if (isAccepted) {
            lambda *= Math.max(LEAST_FACTOR, 1 - Math.pow(2 * Math.min(ratio, 1) - 1, 3));
            growth = 2;
            accept();
        } else {
            lambda *= growth;
            growth *= 2;
        }
        long nanos = System.nanoTime() - start;
        if (!settings.monitor().goesOn(new Progress(iterations, isAccepted, sum, ratio, used, offset, nanos))) {
            return Ending.STOPPED;
        }
        if (quiet > PATIENCE && at.condition() >= SINGULAR) {
            return Ending.SINGULAR;
        }
        // a trial that changes no parameter is the last: more damping makes it shorter still
        boolean isAtEnd = !moves || !Double.isFinite(lambda);
        return isAtEnd ? atRest(at) : null;
    }

    /** The ending where no step goes anywhere. */
    private Ending atRest(DampedSystem at) {
        if (at.condition() >= SINGULAR) {
            return Ending.SINGULAR;
        }
        double reachable = at.reachable();
        return reachable * reachable / 2 <= noise(Math.sqrt(sum)) ? Ending.GRADIENT : Ending.STALLED;
    }

    /** p ← p + ½a; false where a is too long beside p. */
    private boolean accelerate(DampedSystem at, DampedSystem.Damped damped, double[] p) {
        double[] second = new double[m];
        residuals.curvature(theta, p, second);
        if (!Double.isFinite(square(second))) {
            return false;
        }
        double[] a = damped.solve(at.rotated(second));
        if (!(2 * at.scaledNorm(a) <= CURVATURE_BOUND * at.scaledNorm(p))) {
            return false;
        }
        for (int i = 0; i < n; i++) {
            p[i] += a[i] / 2;
        }
        return true;
    }

    /** Actual reduction at the trial / predicted; 1 where rounding hides both. */
    private double ratio(double predicted) {
        residuals.values(trial, next);
        evaluations++;
        // as a product of sums, which loses nothing where both vectors are nearly the same
        double twice = 0;
        for (int i = 0; i < m; i++) {
            twice += (r[i] - next[i]) * (r[i] + next[i]);
        }
        double actual = twice / 2;
        if (!Double.isFinite(actual) || !Double.isFinite(predicted)) {
            return Double.NEGATIVE_INFINITY;
        }
        double noise = noise(Math.sqrt(sum));
        if (predicted <= noise && Math.abs(actual) <= noise) {
            return 1;
        }
        return predicted > 0 ? actual / predicted : Double.NEGATIVE_INFINITY;
    }

    private void accept() {
        theta = trial.clone();
        double[] old = r;
        r = next;
        next = old;
        sum = square(r);
        system = null;
    }

    private static double square(double[] x) {
        double sum = 0;
        for (double value : x) {
            sum += value * value;
        }
        return sum;
    }

    /** θ, [n]. */
    public double[] parameters() {
        return theta.clone();
    }

    /** The factors of J at θ. */
    QrFactors factors() {
        DampedSystem at = system;
        if (at == null) {
            at = linearize();
            system = at;
        }
        return at.jacobian();
    }

    /** Iterations, rejected trials included. */
    public int iterations() {
        return iterations;
    }

    /** Evaluations of r. */
    public int evaluations() {
        return evaluations;
    }

    /** ‖r‖². */
    public double sumOfSquares() {
        return sum;
    }

    /** What was found so far, with J as it is there. */
    public LeastSquaresResult result(Ending ending) {
        DampedSystem at = system;
        if (at == null) {
            at = linearize();
        }
        return new LeastSquaresResult(
                ending,
                theta.clone(),
                r.clone(),
                sum,
                at.jacobian(),
                iterations,
                evaluations,
                jacobians,
                at.condition());
    }
}
