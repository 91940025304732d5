package org.dl4jgn.conf;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * EGN, exact Gauss-Newton: the solution of (H + λI)Δ = −g, with H = (1/b)JᵀQJ + D, through a system of b·c rows where
 * that is the smaller one.
 *
 * <p>M. Korbit, A. D. Adeoye, A. Bemporad, M. Zanon, "Exact Gauss-Newton Optimization for Training Deep Neural Networks",
 * 2024. The paper forms the b·c × d Jacobian; here the matrix is assembled layer by layer, so that neither time nor
 * memory grow with b·c·d, and it is symmetric, so that a Cholesky factorization solves it. With {@code
 * lineSearch(LineSearch.none())}, constant damping and learning rate 1, a step is exactly Δ.
 *
 * <p>By default steps build on each other, and need no tuning, as in {@link Sgn}: {@linkplain Builder#projectedMomentum
 * projected momentum}, length and damping by a {@linkplain Pace pace} that follows what a step did for the next mini-batch, the
 * {@linkplain Builder#averaging average of the iterates} as the network's parameters, and H from a {@linkplain
 * Builder#curvatureShare part} of mini-batches with many outputs. {@link #paper()} has the authors' settings.
 *
 * <p>Cost of a step, for dense layers: one gradient, a reverse pass of b·c examples, (bc)²·nOut for each layer and (bc)³/3,
 * with b(c − 1) in place of b·c for softmax cross-entropy. Which system is solved is chosen from b·c, d and memory, see
 * {@link Builder#gramLimit} and {@link Builder#memoryLimit}; the direction is the same.
 *
 * <p>Exact means: a network of float64 is solved in float64; one of float32 too where that is cheap. Where it is not, the
 * direction's residual is at most 1e-5 of the gradient, by a few conjugate-gradient iterations if they do, else by a
 * factorization in float32 that products with H correct, else by one in float64.
 */
public final class Egn extends GaussNewtonUpdater {

    private static final long serialVersionUID = 1L;

    private static final double PAPER_MOMENTUM = 0.9;

    /** H is taken from at least so many examples, */
    private static final long LEAST_EXAMPLES = 16;

    /** and from so many where there is one output, */
    private static final long EXAMPLES_OF_ONE_OUTPUT = 1280;

    /** or else from an eighth of the mini-batch, of which a system has this many rows at least, c − 1 for an example of c, */
    private static final long FEWEST_ROWS = 256;

    /** and this many at most: such a system is factored in the time of a few gradients. */
    private static final long MOST_ROWS = 576;

    private static final long PARTS = 8;

    private final int gramLimit;
    private final long memoryLimit;
    private final double cgTolerance;
    private final int cgIterations;
    private final int tries;

    @JsonCreator
    private Egn(
            @JsonProperty("learningRate") double learningRate,
            @JsonProperty("learningRateSchedule") @Nullable ISchedule learningRateSchedule,
            @JsonProperty("momentum") double momentum,
            @JsonProperty("damping") Damping damping,
            @JsonProperty("lineSearch") LineSearch lineSearch,
            @JsonProperty("maxRejections") int maxRejections,
            @JsonProperty("stochastic") Stochastic stochastic,
            @JsonProperty("gramLimit") int gramLimit,
            @JsonProperty("memoryLimit") long memoryLimit,
            @JsonProperty("cgTolerance") double cgTolerance,
            @JsonProperty("cgIterations") int cgIterations,
            @JsonProperty("tries") @Nullable Integer tries) {
        super(learningRate, learningRateSchedule, momentum, damping, lineSearch, maxRejections, stochastic);
        Require.positive("damping of the first step", damping.value(damping.initial(), 0));
        this.gramLimit = Require.atLeast("gramLimit", gramLimit, 1);
        this.memoryLimit = memoryLimit;
        if (memoryLimit < 0) {
            throw new IllegalArgumentException("memoryLimit is " + memoryLimit + ", but must be at least 0");
        }
        this.cgTolerance = Require.positive("cgTolerance", cgTolerance);
        this.cgIterations = Require.atLeast("cgIterations", cgIterations, 1);
        // settings that were saved before there were tries
        this.tries = tries == null ? 1 : Require.atLeast("tries", tries, 1);
    }

    private Egn(Builder b) {
        this(
                b.learningRate,
                b.learningRateSchedule,
                b.effectiveMomentum(),
                b.effectiveDamping(),
                b.search(),
                b.maxRejections,
                b.stochastic(),
                b.gramLimit,
                b.memoryLimit,
                b.cgTolerance,
                b.cgIterations,
                b.tries);
    }

    /** Starts from the defaults; no setting is required. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Starts from the authors' settings: damping from 1 by their adaptive rule, the direction averaged by 0.9 with bias
     * correction, Armijo's line search from 1.5 times the length of the step before; each step on the whole mini-batch.
     */
    public static Builder paper() {
        return builder()
                .damping(Damping.adaptive(1.0))
                .momentum(PAPER_MOMENTUM)
                .lineSearch(LineSearch.armijo(StepReset.INCREASE));
    }

    /**
     * Starts from the settings of Levenberg and Marquardt, for full batches in double: exact directions of the whole batch,
     * Nielsen's damping from 1e-3, a step of full length that is taken if the loss falls by at least 1e-4 of its slope and
     * else rejected, no momentum and no averaging. A call of {@code fit} tries up to five dampings, until one is accepted; nothing
     * is formed again for another one. For squared losses {@code GaussNewton.leastSquares} does more: it scales by columns and
     * solves by QR.
     */
    public static Builder levenbergMarquardt() {
        return builder()
                .damping(Damping.nielsen(1e-3))
                .momentum(0)
                .lineSearch(LineSearch.armijo(1e-4, 0.5, 0))
                .tries(5)
                .maxRejections(60);
    }

    /** 1280 of one output; of several an eighth, within limits of the rows that its system has. */
    @Override
    protected long curvatureExamples(long examples, long outputs, long parameters) {
        if (outputs <= 1) {
            return Math.min(examples, EXAMPLES_OF_ONE_OUTPUT);
        }
        long rowsOfOne = outputs - 1;
        long rows = Math.max(FEWEST_ROWS, Math.min(MOST_ROWS, examples * rowsOfOne / PARTS));
        return Math.min(examples, Math.max(LEAST_EXAMPLES, rows / rowsOfOne));
    }

    /** Largest number of rows of a matrix that is factored. */
    public int gramLimit() {
        return gramLimit;
    }

    /** Bytes that the linear system of a step may take; 0 for half of what is free when the system is made. */
    public long memoryLimit() {
        return memoryLimit;
    }

    /** Residual, relative to the gradient, at which conjugate gradients stop where they are used. */
    public double cgTolerance() {
        return cgTolerance;
    }

    /** Largest number of conjugate-gradient iterations where they are used. */
    public int cgIterations() {
        return cgIterations;
    }

    @Override
    public int tries() {
        return tries;
    }

    @Override
    protected List<String> directionNumbers() {
        return List.of("precise", "failed trials");
    }

    @Override
    protected List<String> directionVectors() {
        return momentum() > 0 ? List.of("momentum") : List.of();
    }

    @Override
    public Egn clone() {
        return toBuilder().build();
    }

    /** A builder that starts from these settings. */
    public Builder toBuilder() {
        Builder b = new Builder().copy(this);
        b.gramLimit = gramLimit;
        b.memoryLimit = memoryLimit;
        b.cgTolerance = cgTolerance;
        b.cgIterations = cgIterations;
        b.tries = tries;
        return b;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return super.equals(other)
                && other instanceof Egn o
                && gramLimit == o.gramLimit
                && memoryLimit == o.memoryLimit
                && cgTolerance == o.cgTolerance
                && cgIterations == o.cgIterations
                && tries == o.tries;
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), gramLimit, memoryLimit, cgTolerance, cgIterations, tries);
    }

    @Override
    public String toString() {
        return "Egn(gramLimit=" + gramLimit + ", memoryLimit=" + memoryLimit + ", cgTolerance=" + cgTolerance
                + ", cgIterations=" + cgIterations + ", tries=" + tries + ", " + commonSettings() + ")";
    }

    /** Builds {@link Egn} configurations. */
    public static final class Builder extends GaussNewtonUpdater.Builder<Builder> {

        private int gramLimit = 4096;
        private long memoryLimit;
        private double cgTolerance = 1e-6;
        private int cgIterations = 500;
        private int tries = 1;

        private Builder() {}

        private double effectiveMomentum() {
            return momentum != null ? momentum : isPaced() || !search().requiresDecrease() ? 0 : PAPER_MOMENTUM;
        }

        private Damping effectiveDamping() {
            return damping != null
                    ? damping
                    : isPaced() ? Damping.hypergradient(2) : Damping.proportional(Damping.validated(4));
        }

        /**
         * Largest number of rows of a matrix that is factored, b·c or d; default 4096. Above, the same direction comes from
         * conjugate gradients: a factorization takes n³/3 multiplications, at 4096 about 0.3 s on two cores.
         */
        public Builder gramLimit(int rows) {
            gramLimit = rows;
            return this;
        }

        /**
         * Bytes outside of the heap that the linear system of a step may take; default 0, half of what is free when it is
         * made. A system that would need more is solved by conjugate gradients, which need a few vectors.
         */
        public Builder memoryLimit(long bytes) {
            memoryLimit = bytes;
            return this;
        }

        /**
         * Where conjugate gradients are used, they stop at ‖residual‖∞ ≤ tolerance·‖g‖∞; default 1e-6.
         */
        public Builder cgTolerance(double tolerance) {
            cgTolerance = tolerance;
            return this;
        }

        /** Where conjugate gradients are used, at most this many iterations; default 500. */
        public Builder cgIterations(int count) {
            cgIterations = count;
            return this;
        }

        /**
         * How many dampings a step tries at most; default 1, as in the paper, where a step that was rejected leaves the next
         * one to the next mini-batch. With more, a rejected trial takes the damping that the rule has for it, with the same
         * linearization and the matrix that was formed, as long as tries are left: n³/3 multiplications and a forward pass
         * for the loss; where the Gram matrix is used, another one back to the linearization for networks that have other layers
         * than dense ones; with l2, the Gram matrix anew. The matrix is kept for this, so that a system takes 8n² bytes more.
         */
        public Builder tries(int count) {
            tries = count;
            return this;
        }

        /**
         * Builds.
         *
         * @throws IllegalArgumentException naming the setting, its value and the allowed range
         */
        public Egn build() {
            return new Egn(this);
        }
    }
}
