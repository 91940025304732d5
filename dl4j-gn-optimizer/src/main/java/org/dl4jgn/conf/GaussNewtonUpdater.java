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

    private double learningRate;
    private @Nullable ISchedule learningRateSchedule;
    private final double momentum;
    private final Damping damping;
    private final LineSearch lineSearch;
    private final int maxRejections;

    GaussNewtonUpdater(
            double learningRate,
            @Nullable ISchedule learningRateSchedule,
            double momentum,
            Damping damping,
            LineSearch lineSearch,
            int maxRejections) {
        this.learningRate =
                learningRateSchedule == null ? Require.positive("learningRate", learningRate) : learningRate;
        this.learningRateSchedule = learningRateSchedule;
        this.momentum = Require.fraction("momentum", momentum);
        this.damping = Objects.requireNonNull(damping, "damping must not be null");
        this.lineSearch = Objects.requireNonNull(lineSearch, "lineSearch must not be null");
        this.maxRejections = Require.atLeast("maxRejections", maxRejections, 1);
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

    /** The schedule of the learning rate, or null. */
    public @Nullable ISchedule learningRateSchedule() {
        return learningRateSchedule;
    }

    /** How many vectors of the parameters' length the direction keeps. */
    abstract int directionVectors();

    /** How many vectors of the parameters' length the state holds: the direction's, then θ before the last step if needed. */
    public final int stateVectors() {
        return directionVectors() + (damping.isValidated() ? 1 : 0);
    }

    @Override
    public final long stateSize(long numParams) {
        return stateVectors() * numParams + HEADER;
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
                + momentum + ", damping=" + damping + ", lineSearch=" + lineSearch + ", maxRejections=" + maxRejections;
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
                && maxRejections == ((GaussNewtonUpdater) other).maxRejections;
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

        /** After this many rejected steps in a row, training stops with an error; default 20. */
        public B maxRejections(int count) {
            maxRejections = count;
            return (B) this;
        }
    }
}
