package org.dl4jgn.conf;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * SGN, stochastic generalized Gauss-Newton: a few conjugate-gradient iterations on (H + ρI)Δ = −g, where
 * H = (1/b)JᵀQJ + D is never formed.
 *
 * <p>M. Gargiani, A. Zanelli, M. Diehl, F. Hutter, "On the Promise of the Stochastic Generalized Gauss-Newton Method for
 * Training DNNs", arXiv:2006.02409, Algorithms 1 and 2.
 *
 * <p>By default steps build on each other, and need no tuning: {@linkplain Builder#projectedMomentum projected momentum},
 * length, damping and iterations by a {@linkplain Pace pace} that follows what a step did for the next mini-batch, the
 * {@linkplain Builder#averaging average of the iterates} as the network's parameters, and H from a {@linkplain
 * Builder#curvatureShare part} of large mini-batches. {@link #paper()} has the settings of the authors' experiments; naming a
 * {@linkplain Builder#lineSearch line search} turns to them for whatever is not set. Without line search (but named as
 * {@link LineSearch#none()}) and momentum, k iterations from zero are exactly the paper's Algorithm 2: the authors'
 * warm-up and residual tolerance then apply only if they are set.
 *
 * <p>Cost of a step: one gradient, one forward pass (for the next mini-batch's answer, or for each line-search trial), and for
 * each iteration, and one more with projected momentum, about the cost of one gradient of the examples that H is taken from.
 *
 * <table>
 * <caption>Settings, by default and in the paper's experiments</caption>
 * <tr><td>{@code cgIterations}</td><td>8 (more by the pace)</td><td>10</td></tr>
 * <tr><td>{@code warmup}</td><td>none</td><td>10 iterations in each of the first 9 steps; none without line search</td></tr>
 * <tr><td>{@code damping}</td><td>{@link Damping#hypergradient hypergradient(2)}</td><td>{@link Damping#trustRegion
 * trustRegion(1e-4)}, not below 1e-6</td></tr>
 * <tr><td>{@code lineSearch}</td><td>none; {@link Pace#standard()}</td><td>{@link LineSearch#armijo()}</td></tr>
 * <tr><td>{@code residualTolerance}</td><td>0</td><td>1e-6 on ‖residual‖∞; 0 without line search</td></tr>
 * <tr><td>{@code orthogonalized}</td><td>0</td><td>0, the authors' rounding; 20, the exact iterates, without line
 * search</td></tr>
 * <tr><td>{@code projectedMomentum}</td><td>0.9</td><td>0</td></tr>
 * <tr><td>{@code averaging}</td><td>8</td><td>0</td></tr>
 * <tr><td>{@code curvatureShare}</td><td>by size</td><td>1</td></tr>
 * <tr><td>others</td><td>off; learning rate 1</td><td>off; learning rate 1</td></tr>
 * </table>
 */
public final class Sgn extends GaussNewtonUpdater {

    private static final long serialVersionUID = 1L;

    /** H is taken from at least so many examples, */
    private static final long LEAST_EXAMPLES = 128;

    /** where b·d, which the cost of a product is in proportion to, is at least this; a part saves little below it. */
    private static final double SMALL_PRODUCT = 1e7;

    /** and from this share, as 1/x, of a large mini-batch. */
    private static final long PARTS = 5;

    /** Defaults that depend on how steps find their length. */
    private record Defaults(
            int cgIterations, Damping damping, int warmupSteps, double residualTolerance, int orthogonalized) {

        private static final Defaults PACED = new Defaults(8, Damping.hypergradient(2), 0, 0.0, 0);
        private static final Defaults OF_EXPERIMENTS = new Defaults(10, Damping.trustRegion(1e-4), 9, 1e-6, 0);
        private static final Defaults OF_ALGORITHM = new Defaults(10, Damping.trustRegion(1e-4), 0, 0.0, 20);

        static Defaults of(Builder b) {
            return b.isPaced() ? PACED : b.search().requiresDecrease() ? OF_EXPERIMENTS : OF_ALGORITHM;
        }
    }

    private final CgSettings cg;

    @JsonCreator
    private Sgn(
            @JsonProperty("learningRate") double learningRate,
            @JsonProperty("learningRateSchedule") @Nullable ISchedule learningRateSchedule,
            @JsonProperty("momentum") double momentum,
            @JsonProperty("damping") Damping damping,
            @JsonProperty("lineSearch") LineSearch lineSearch,
            @JsonProperty("maxRejections") int maxRejections,
            @JsonProperty("stochastic") Stochastic stochastic,
            @JsonProperty("cg") CgSettings cg) {
        super(learningRate, learningRateSchedule, momentum, damping, lineSearch, maxRejections, stochastic);
        this.cg = Objects.requireNonNull(cg, "cg must not be null");
    }

    private Sgn(Builder b, Defaults defaults) {
        this(
                b.learningRate,
                b.learningRateSchedule,
                Objects.requireNonNullElse(b.momentum, 0.0),
                Objects.requireNonNullElse(b.damping, defaults.damping),
                b.search(),
                b.maxRejections,
                b.stochastic(),
                new CgSettings(
                        Objects.requireNonNullElse(b.cgIterations, defaults.cgIterations),
                        Objects.requireNonNullElse(b.warmupSteps, defaults.warmupSteps),
                        b.warmupIterations,
                        b.adaptiveMin,
                        b.adaptiveMax,
                        Objects.requireNonNullElse(b.residualTolerance, defaults.residualTolerance),
                        b.relativeProgress,
                        b.warmStart,
                        b.preconditioner,
                        Objects.requireNonNullElse(b.orthogonalized, defaults.orthogonalized)));
    }

    /** Starts from the defaults; no setting is required. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Starts from the settings of the authors' experiments: k = 10, their trust-region rule for the damping, Armijo's line
     * search, warm-up and residual tolerance; each step by itself, on the whole mini-batch. With {@code
     * lineSearch(LineSearch.none())} and a constant damping it is their Algorithm 2.
     */
    public static Builder paper() {
        return builder().lineSearch(LineSearch.armijo());
    }

    /** k, the largest number of conjugate-gradient iterations after the warm-up, before a pace multiplies it. */
    public int cgIterations() {
        return cg.cgIterations();
    }

    /** Steps of the warm-up. */
    public int warmupSteps() {
        return cg.warmupSteps();
    }

    /** Iterations of each step of the warm-up. */
    public int warmupIterations() {
        return cg.warmupIterations();
    }

    /** Whether the number of iterations follows how well the model predicts. */
    public boolean isAdaptive() {
        return cg.isAdaptive();
    }

    /** Bounds of an adaptive number of iterations. */
    public int adaptiveMin() {
        return cg.adaptiveMin();
    }

    /** Bounds of an adaptive number of iterations. */
    public int adaptiveMax() {
        return cg.adaptiveMax();
    }

    /** ‖residual‖∞ at which iterations stop. */
    public double residualTolerance() {
        return cg.residualTolerance();
    }

    /** Relative decrease of the model, for each iteration, below which iterations stop. */
    public double relativeProgress() {
        return cg.relativeProgress();
    }

    /** Factor on the previous direction that starts the iterations; 0 starts from zero. */
    public double warmStart() {
        return cg.warmStart();
    }

    /** Exponent α of the preconditioner (m² + ρ)^α; 0 for none. */
    public double preconditioner() {
        return cg.preconditioner();
    }

    /** How many residuals are kept orthogonal against rounding; 0 for plain conjugate gradients. */
    public int orthogonalized() {
        return cg.orthogonalized();
    }

    /** A fifth, where that is 128 at least and products with H cost something; else all. */
    @Override
    protected long curvatureExamples(long examples, long outputs, long parameters) {
        boolean isLarge = examples >= PARTS * LEAST_EXAMPLES && (double) examples * parameters >= SMALL_PRODUCT;
        return isLarge ? examples / PARTS : examples;
    }

    @Override
    protected List<String> directionNumbers() {
        return List.of("iterations", "warm");
    }

    @Override
    protected List<String> directionVectors() {
        return Stream.of(momentum() > 0 ? "momentum" : "", cg.warmStart() > 0 ? "previous" : "")
                .filter(name -> !name.isEmpty())
                .toList();
    }

    @Override
    public Sgn clone() {
        return toBuilder().build();
    }

    /** A builder that starts from these settings. */
    public Builder toBuilder() {
        Builder b = new Builder().copy(this);
        b.cgIterations = cg.cgIterations();
        b.warmupSteps = cg.warmupSteps();
        b.warmupIterations = cg.warmupIterations();
        b.adaptiveMin = cg.adaptiveMin();
        b.adaptiveMax = cg.adaptiveMax();
        b.residualTolerance = cg.residualTolerance();
        b.relativeProgress = cg.relativeProgress();
        b.warmStart = cg.warmStart();
        b.preconditioner = cg.preconditioner();
        b.orthogonalized = cg.orthogonalized();
        return b;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return super.equals(other) && other instanceof Sgn o && cg.equals(o.cg);
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), cg);
    }

    @Override
    public String toString() {
        return "Sgn(" + cg + ", " + commonSettings() + ")";
    }

    /** Builds {@link Sgn} configurations. */
    public static final class Builder extends GaussNewtonUpdater.Builder<Builder> {

        private @Nullable Integer cgIterations;
        private @Nullable Integer warmupSteps;
        private int warmupIterations = 10;
        private int adaptiveMin;
        private int adaptiveMax;
        private @Nullable Double residualTolerance;
        private double relativeProgress;
        private double warmStart;
        private double preconditioner;
        private @Nullable Integer orthogonalized;

        private Builder() {}

        /**
         * k ≥ 1, the number of conjugate-gradient iterations a step. Default 8, of which a pace makes more; 10 with a line
         * search.
         */
        public Builder cgIterations(int k) {
            cgIterations = k;
            return this;
        }

        /**
         * {@code iterations} in each of the first {@code steps} steps, whatever k is. Default with a line search: 10 in
         * each of the first 9 steps; else none. 0 steps: none.
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
         * 1e-6; else 0.
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
         * changes nothing. Default 0; 20 with {@link LineSearch#none()}.
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
            return new Sgn(this, Defaults.of(this));
        }
    }
}
