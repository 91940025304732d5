package org.dl4jgn.conf;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * What {@link Sgn} and its siblings have in common, in the one slot of a DL4J configuration that is open to other
 * people's classes.
 *
 * <p>Immutable but for the learning rate, which DL4J changes in place ({@link #setLrAndSchedule}). As with every DL4J
 * updater, the state that training needs (momentum, damping, counters) lives in a flat array that DL4J saves, restores
 * and clones.
 */
public abstract class GaussNewtonUpdater implements IUpdater {

    private static final long serialVersionUID = 1L;

    /** Elements that each parameter array adds to the state for counters and damping, beside vectors of its length. */
    public static final int HEADER = 40;

    /** The same where there is a pace or an average. */
    private static final int LONG_HEADER = 60;

    private double learningRate;
    private @Nullable ISchedule learningRateSchedule;
    private final double momentum;
    private final Damping damping;
    private final LineSearch lineSearch;
    private final int maxRejections;
    private final double projectedMomentum;
    private final @Nullable Pace pace;
    private final double averaging;

    GaussNewtonUpdater(
            double learningRate,
            @Nullable ISchedule learningRateSchedule,
            double momentum,
            Damping damping,
            LineSearch lineSearch,
            int maxRejections,
            double projectedMomentum,
            @Nullable Pace pace,
            double averaging) {
        this.learningRate =
                learningRateSchedule == null ? Require.positive("learningRate", learningRate) : learningRate;
        this.learningRateSchedule = learningRateSchedule;
        this.momentum = Require.fraction("momentum", momentum);
        this.damping = Objects.requireNonNull(damping, "damping must not be null");
        this.lineSearch = Objects.requireNonNull(lineSearch, "lineSearch must not be null");
        this.maxRejections = Require.atLeast("maxRejections", maxRejections, 1);
        this.projectedMomentum = Require.fraction("projectedMomentum", projectedMomentum);
        if (projectedMomentum > 0 && momentum > 0) {
            throw new IllegalArgumentException("projectedMomentum is " + projectedMomentum + " and momentum is "
                    + momentum + ", but one of them must be 0: both are memories of earlier mini-batches");
        }
        this.pace = pace;
        this.averaging = Require.nonNegative("averaging", averaging);
    }

    /** Rule of the damping. */
    public Damping damping() {
        return damping;
    }

    /** Rule of the step length. */
    public LineSearch lineSearch() {
        return lineSearch;
    }

    /** β in [0, 1); 0 for none. */
    public double momentum() {
        return momentum;
    }

    /** After this many rejected steps in a row, training stops with an error. */
    public int maxRejections() {
        return maxRejections;
    }

    /** μ in [0, 1): the share of the last direction that stays where this mini-batch says nothing; 0 for none. */
    public double projectedMomentum() {
        return projectedMomentum;
    }

    /** What the length of steps, damping and iterations follow, or null for their own rules alone. */
    public @Nullable Pace pace() {
        return pace;
    }

    /** r, the power of the weights of the average that the network's parameters are; 0 for none, the last iterate. */
    public double averaging() {
        return averaging;
    }

    /** Whether each step asks what the last one did for its mini-batch. */
    public final boolean isValidated() {
        return damping.isValidated() || pace != null;
    }

    /** Elements that each parameter array adds to the state for counters, beside vectors of its length. */
    public final int header() {
        return pace == null && averaging == 0 ? HEADER : LONG_HEADER;
    }

    /** The schedule of the learning rate, or null. */
    public @Nullable ISchedule learningRateSchedule() {
        return learningRateSchedule;
    }

    /** How many vectors of the parameters' length the direction keeps. */
    abstract int directionVectors();

    /**
     * How many vectors of the parameters' length the state holds: the direction's; as far as they are needed the last
     * direction, the last iterate, and θ before the last step.
     */
    public final int stateVectors() {
        return directionVectors() + (projectedMomentum > 0 ? 1 : 0) + (averaging > 0 ? 1 : 0) + (isValidated() ? 1 : 0);
    }

    @Override
    public final long stateSize(long numParams) {
        return stateVectors() * numParams + header();
    }

    @Override
    public final GradientUpdater<GaussNewtonUpdater> instantiate(INDArray view, boolean initialize) {
        if (initialize) {
            view.assign(0.0);
        }
        return new DetachedUpdater(this);
    }

    @Override
    public final GradientUpdater<GaussNewtonUpdater> instantiate(Map<String, INDArray> state, boolean initialize) {
        throw new UnsupportedOperationException(getClass().getSimpleName()
                + " trains MultiLayerNetworks; it cannot be the updater of a SameDiff TrainingConfig");
    }

    @Override
    public final double getLearningRate(int iteration, int epoch) {
        return learningRateSchedule == null ? learningRate : learningRateSchedule.valueAt(iteration, epoch);
    }

    @Override
    public final boolean hasLearningRate() {
        return true;
    }

    @Override
    public final void setLrAndSchedule(double lr, @Nullable ISchedule schedule) {
        if (schedule == null) {
            Require.positive("learningRate", lr);
        }
        learningRate = lr;
        learningRateSchedule = schedule;
    }

    @Override
    public abstract GaussNewtonUpdater clone();

    double fixedLearningRate() {
        return learningRate;
    }

    /** The settings of all optimizers, for {@link #toString()}. */
    final String commonSettings() {
        return "learningRate=" + (learningRateSchedule == null ? learningRate : learningRateSchedule) + ", momentum="
                + momentum + ", damping=" + damping + ", lineSearch=" + lineSearch + ", maxRejections=" + maxRejections
                + (projectedMomentum > 0 ? ", projectedMomentum=" + projectedMomentum : "")
                + (pace != null ? ", pace=" + pace : "")
                + (averaging > 0 ? ", averaging=" + averaging : "");
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other != null
                && getClass() == other.getClass()
                && Double.compare(learningRate, ((GaussNewtonUpdater) other).learningRate) == 0
                && Objects.equals(learningRateSchedule, ((GaussNewtonUpdater) other).learningRateSchedule)
                && momentum == ((GaussNewtonUpdater) other).momentum
                && damping.equals(((GaussNewtonUpdater) other).damping)
                && lineSearch.equals(((GaussNewtonUpdater) other).lineSearch)
                && maxRejections == ((GaussNewtonUpdater) other).maxRejections
                && projectedMomentum == ((GaussNewtonUpdater) other).projectedMomentum
                && Objects.equals(pace, ((GaussNewtonUpdater) other).pace)
                && averaging == ((GaussNewtonUpdater) other).averaging;
    }

    @Override
    public int hashCode() {
        return Objects.hash(getClass(), momentum, damping, lineSearch, maxRejections);
    }

    /** The settings that all optimizers share, with their defaults where they do not differ. */
    @SuppressWarnings("unchecked") // B is always the builder itself
    public abstract static class Builder<B extends Builder<B>> {

        double learningRate = 1.0;

        @Nullable
        ISchedule learningRateSchedule;

        double momentum;
        Damping damping;
        LineSearch lineSearch;
        int maxRejections = 20;
        double projectedMomentum;

        @Nullable
        Pace pace;

        double averaging;

        Builder(Damping damping, LineSearch lineSearch) {
            this.damping = damping;
            this.lineSearch = lineSearch;
        }

        /** Rule of the damping. */
        public B damping(Damping rule) {
            damping = Objects.requireNonNull(rule, "damping must not be null");
            return (B) this;
        }

        /** Rule of the step length. */
        public B lineSearch(LineSearch rule) {
            lineSearch = Objects.requireNonNull(rule, "lineSearch must not be null");
            return (B) this;
        }

        /** Step length, or the first trial of the line search; default 1, the full Gauss-Newton step. */
        public B learningRate(double rate) {
            learningRate = rate;
            learningRateSchedule = null;
            return (B) this;
        }

        /** Step length by one of DL4J's schedules. */
        public B learningRate(ISchedule schedule) {
            learningRate = Double.NaN;
            learningRateSchedule = Objects.requireNonNull(schedule, "schedule must not be null");
            return (B) this;
        }

        /** Momentum β in [0, 1), with bias correction; default 0. */
        public B momentum(double beta) {
            momentum = beta;
            return (B) this;
        }

        /**
         * μ in [0, 1): directions solve (H + λI)Δ = −g + λμΔ', with the last accepted step's direction Δ'. What this
         * mini-batch knows is set anew, the rest keeps what others said (SPRING: Goldshlager, Abrahamsen and Lin 2024).
         * Default 0. Not together with {@link #momentum}.
         */
        public B projectedMomentum(double mu) {
            projectedMomentum = mu;
            return (B) this;
        }

        /** Lets the length of steps, damping and iterations follow what steps do for unseen data; default none. */
        public B pace(Pace rule) {
            pace = Objects.requireNonNull(rule, "pace must not be null");
            return (B) this;
        }

        /**
         * r ≥ 0: the network's parameters are the average of the iterates θ₁ … θₜ with weights that grow as tʳ, which is
         * about the last 1/(r + 1) of them; steps go on from θₜ. Default 0, θₜ itself.
         */
        public B averaging(double power) {
            averaging = power;
            return (B) this;
        }

        /** After this many rejected steps in a row, training stops with an error; default 20. */
        public B maxRejections(int count) {
            maxRejections = count;
            return (B) this;
        }
    }
}
