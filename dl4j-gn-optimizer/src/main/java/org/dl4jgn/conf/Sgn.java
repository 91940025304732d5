package org.dl4jgn.conf;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * SGN, stochastic generalized Gauss-Newton: a few conjugate-gradient iterations on (H + ρI)Δ = −g, where
 * H = (1/b)JᵀQJ + D is never formed.
 *
 * <p>M. Gargiani, A. Zanelli, M. Diehl, F. Hutter, "On the Promise of the Stochastic Generalized Gauss-Newton Method for
 * Training DNNs", arXiv:2006.02409, Algorithms 1 and 2. Without line search and momentum, k iterations from zero
 * are exactly the paper's Algorithm 2: the authors' warm-up and residual tolerance then apply only if they are set.
 *
 * <p>Cost of a step: one gradient, one forward pass for each line-search trial, and for each iteration about the cost
 * of one gradient. The defaults are those of the authors' experiments and need no tuning:
 *
 * <table>
 * <caption>Settings</caption>
 * <tr><td>{@code cgIterations}</td><td>10</td></tr>
 * <tr><td>{@code warmup}</td><td>10 iterations in each of the first 9 steps; none without line search</td></tr>
 * <tr><td>{@code damping}</td><td>{@link Damping#trustRegion trustRegion(1e-4)}, not below 1e-6</td></tr>
 * <tr><td>{@code lineSearch}</td><td>{@link LineSearch#armijo()}</td></tr>
 * <tr><td>{@code residualTolerance}</td><td>1e-6 on ‖residual‖∞; 0 without line search</td></tr>
 * <tr><td>{@code orthogonalized}</td><td>0, the authors' rounding; 20, the exact iterates, without line search</td></tr>
 * <tr><td>others</td><td>off; learning rate 1</td></tr>
 * </table>
 */
public final class Sgn extends GaussNewtonUpdater {

    private static final long serialVersionUID = 1L;

    /** Defaults that depend on the line search: with one, the authors' experiments; without, Algorithm 2 alone. */
    private record Defaults(int warmupSteps, double residualTolerance, int orthogonalized) {

        private static final Defaults OF_EXPERIMENTS = new Defaults(9, 1e-6, 0);
        private static final Defaults OF_ALGORITHM = new Defaults(0, 0.0, 20);

        static Defaults of(LineSearch lineSearch) {
            return lineSearch.requireDecrease() ? OF_EXPERIMENTS : OF_ALGORITHM;
        }
    }

    private final int cgIterations;
    private final int warmupSteps;
    private final int warmupIterations;
    private final int adaptiveMin;
    private final int adaptiveMax;
    private final double residualTolerance;
    private final double relativeProgress;
    private final double warmStart;
    private final double preconditioner;
    private final int orthogonalized;

    @JsonCreator
    private Sgn(
            @JsonProperty("learningRate") double learningRate,
            @JsonProperty("learningRateSchedule") @Nullable ISchedule learningRateSchedule,
            @JsonProperty("momentum") double momentum,
            @JsonProperty("damping") Damping damping,
            @JsonProperty("lineSearch") LineSearch lineSearch,
            @JsonProperty("maxRejections") int maxRejections,
            @JsonProperty("projectedMomentum") double projectedMomentum,
            @JsonProperty("pace") @Nullable Pace pace,
            @JsonProperty("averaging") double averaging,
            @JsonProperty("cgIterations") int cgIterations,
            @JsonProperty("warmupSteps") int warmupSteps,
            @JsonProperty("warmupIterations") int warmupIterations,
            @JsonProperty("adaptiveMin") int adaptiveMin,
            @JsonProperty("adaptiveMax") int adaptiveMax,
            @JsonProperty("residualTolerance") double residualTolerance,
            @JsonProperty("relativeProgress") double relativeProgress,
            @JsonProperty("warmStart") double warmStart,
            @JsonProperty("preconditioner") double preconditioner,
            @JsonProperty("orthogonalized") int orthogonalized) {
        super(
                learningRate,
                learningRateSchedule,
                momentum,
                damping,
                lineSearch,
                maxRejections,
                projectedMomentum,
                pace,
                averaging);
        this.cgIterations = Require.atLeast("cgIterations", cgIterations, 1);
        this.warmupSteps = Require.atLeast("steps of warmup", warmupSteps, 0);
        this.warmupIterations = Require.atLeast("iterations of warmup", warmupIterations, 1);
        this.adaptiveMin = adaptiveMin;
        this.adaptiveMax = adaptiveMax;
        if (adaptiveMax != 0) {
            Require.atLeast("min of adaptiveIterations", adaptiveMin, 1);
            Require.atLeast("max of adaptiveIterations", adaptiveMax, adaptiveMin);
        }
        this.residualTolerance = Require.nonNegative("residualTolerance", residualTolerance);
        this.relativeProgress = Require.nonNegative("relativeProgress", relativeProgress);
        this.warmStart = Require.upToOne("warmStart", warmStart);
        if (warmStart > 0 && projectedMomentum > 0) {
            throw new IllegalArgumentException(
                    "warmStart is " + warmStart + " and projectedMomentum is " + projectedMomentum
                            + ", but one of them must be 0: projected momentum has a start of its own, μΔ'");
        }
        this.preconditioner = Require.upToOne("preconditioner", preconditioner);
        this.orthogonalized = Require.atLeast("orthogonalized", orthogonalized, 0);
    }

    private Sgn(Builder b, Defaults defaults) {
        this(
                b.learningRate,
                b.learningRateSchedule,
                b.momentum,
                b.damping,
                b.lineSearch,
                b.maxRejections,
                b.projectedMomentum,
                b.pace,
                b.averaging,
                b.cgIterations,
                Objects.requireNonNullElse(b.warmupSteps, defaults.warmupSteps),
                b.warmupIterations,
                b.adaptiveMin,
                b.adaptiveMax,
                Objects.requireNonNullElse(b.residualTolerance, defaults.residualTolerance),
                b.relativeProgress,
                b.warmStart,
                b.preconditioner,
                Objects.requireNonNullElse(b.orthogonalized, defaults.orthogonalized));
    }

    /** Starts from the defaults; no setting is required. */
    public static Builder builder() {
        return new Builder();
    }

    /** k, the largest number of conjugate-gradient iterations after the warm-up. */
    public int cgIterations() {
        return cgIterations;
    }

    /** Steps of the warm-up. */
    public int warmupSteps() {
        return warmupSteps;
    }

    /** Iterations of each step of the warm-up. */
    public int warmupIterations() {
        return warmupIterations;
    }

    /** Whether the number of iterations follows how well the model predicts. */
    public boolean isAdaptive() {
        return adaptiveMax != 0;
    }

    /** Bounds of an adaptive number of iterations. */
    public int adaptiveMin() {
        return adaptiveMin;
    }

    /** Bounds of an adaptive number of iterations. */
    public int adaptiveMax() {
        return adaptiveMax;
    }

    /** ‖residual‖∞ at which iterations stop. */
    public double residualTolerance() {
        return residualTolerance;
    }

    /** Relative decrease of the model, for each iteration, below which iterations stop. */
    public double relativeProgress() {
        return relativeProgress;
    }

    /** Factor on the previous direction that starts the iterations; 0 starts from zero. */
    public double warmStart() {
        return warmStart;
    }

    /** Exponent α of the preconditioner (m² + ρ)^α; 0 for none. */
    public double preconditioner() {
        return preconditioner;
    }

    /** How many residuals are kept orthogonal against rounding; 0 for plain conjugate gradients. */
    public int orthogonalized() {
        return orthogonalized;
    }

    @Override
    int directionVectors() {
        return (momentum() > 0 ? 1 : 0) + (warmStart > 0 ? 1 : 0);
    }

    @Override
    public Sgn clone() {
        return toBuilder().build();
    }

    /** A builder that starts from these settings. */
    public Builder toBuilder() {
        Builder b = new Builder();
        b.learningRate = fixedLearningRate();
        b.learningRateSchedule =
                learningRateSchedule() == null ? null : learningRateSchedule().clone();
        b.momentum = momentum();
        b.damping = damping();
        b.lineSearch = lineSearch();
        b.maxRejections = maxRejections();
        b.projectedMomentum = projectedMomentum();
        b.pace = pace();
        b.averaging = averaging();
        b.cgIterations = cgIterations;
        b.warmupSteps = warmupSteps;
        b.warmupIterations = warmupIterations;
        b.adaptiveMin = adaptiveMin;
        b.adaptiveMax = adaptiveMax;
        b.residualTolerance = residualTolerance;
        b.relativeProgress = relativeProgress;
        b.warmStart = warmStart;
        b.preconditioner = preconditioner;
        b.orthogonalized = orthogonalized;
        return b;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return super.equals(other)
                && other instanceof Sgn o
                && cgIterations == o.cgIterations
                && warmupSteps == o.warmupSteps
                && warmupIterations == o.warmupIterations
                && adaptiveMin == o.adaptiveMin
                && adaptiveMax == o.adaptiveMax
                && residualTolerance == o.residualTolerance
                && relativeProgress == o.relativeProgress
                && warmStart == o.warmStart
                && preconditioner == o.preconditioner
                && orthogonalized == o.orthogonalized;
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), cgIterations, warmupSteps, warmupIterations, warmStart, preconditioner);
    }

    @Override
    public String toString() {
        return "Sgn(cgIterations=" + cgIterations + ", warmup=(" + warmupSteps + ", " + warmupIterations + ")"
                + (isAdaptive() ? ", adaptiveIterations=(" + adaptiveMin + ", " + adaptiveMax + ")" : "")
                + ", residualTolerance=" + residualTolerance + ", relativeProgress=" + relativeProgress + ", warmStart="
                + warmStart + ", preconditioner=" + preconditioner + ", orthogonalized=" + orthogonalized + ", "
                + commonSettings() + ")";
    }

    /** Builds {@link Sgn} configurations. */
    public static final class Builder extends GaussNewtonUpdater.Builder<Builder> {

        private int cgIterations = 10;
        private @Nullable Integer warmupSteps;
        private int warmupIterations = 10;
        private int adaptiveMin;
        private int adaptiveMax;
        private @Nullable Double residualTolerance;
        private double relativeProgress;
        private double warmStart;
        private double preconditioner;
        private @Nullable Integer orthogonalized;

        private Builder() {
            super(Damping.trustRegion(1e-4), LineSearch.armijo());
        }

        /** k ≥ 1, the number of conjugate-gradient iterations a step; default 10. */
        public Builder cgIterations(int k) {
            cgIterations = k;
            return this;
        }

        /**
         * {@code iterations} in each of the first {@code steps} steps, whatever k is. Default with a line search: 10 in
         * each of the first 9 steps; without: none. 0 steps: none.
         */
        public Builder warmup(int steps, int iterations) {
            warmupSteps = steps;
            warmupIterations = iterations;
            return this;
        }

        /**
         * Lets k follow the model: one more iteration, up to {@code max}, after a step whose reduction ratio is over ¾,
         * one fewer, down to {@code min}, after one under ¼. Starts from {@link #cgIterations}, or the bound next to it.
         * Default off.
         */
        public Builder adaptiveIterations(int min, int max) {
            adaptiveMin = Require.atLeast("min of adaptiveIterations", min, 1);
            adaptiveMax = Require.atLeast("max of adaptiveIterations", max, min);
            return this;
        }

        /**
         * Stop iterations when ‖residual‖∞ falls to this, in units of the gradient; 0 never. Default with a line search:
         * 1e-6; without: 0.
         */
        public Builder residualTolerance(double tolerance) {
            residualTolerance = tolerance;
            return this;
        }

        /** Stop iterations when the model decreases by less than this fraction an iteration; default 0, never. */
        public Builder relativeProgress(double fraction) {
            relativeProgress = fraction;
            return this;
        }

        /**
         * Start the iterations from this factor times the previous direction, where that lowers the model; in [0, 1],
         * default 0, from zero. Costs one more product a step.
         */
        public Builder warmStart(double factor) {
            warmStart = factor;
            return this;
        }

        /**
         * Precondition with the diagonal (m² + ρ)^α, m the (momentum-averaged) gradient; α in [0, 1], default 0, none.
         */
        public Builder preconditioner(double alpha) {
            preconditioner = alpha;
            return this;
        }

        /**
         * Keeps up to this many residuals of a solve, a vector of the parameters' length each, to undo the loss of
         * orthogonality by rounding; 0 for plain conjugate gradients, as the authors run them. In exact arithmetic it
         * changes nothing. Default with a line search: 0; without: 20.
         *
         * <p>The exact iterates minimize the model better, but the model is no better for it: while the damping is still
         * finding its level, the longer steps cost loss (on the authors' Boston problem twice as much at epoch 2), later
         * they gain a little, in float32 more than in float64. {@code docs/reproduction.md} has the figures.
         */
        public Builder orthogonalized(int residuals) {
            orthogonalized = residuals;
            return this;
        }

        /**
         * Builds.
         *
         * @throws IllegalArgumentException naming the setting, its value and the allowed range
         */
        public Sgn build() {
            return new Sgn(this, Defaults.of(lineSearch));
        }
    }
}
