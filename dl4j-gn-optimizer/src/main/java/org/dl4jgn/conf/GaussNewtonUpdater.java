package org.dl4jgn.conf;

import java.util.ArrayList;
import java.util.List;
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

    /**
     * Elements that each parameter array adds to the state for numbers and for what they are called, beside vectors of its
     * length.
     */
    public static final int HEADER = 512;

    /** Role in the state: numbers and vectors of the direction. */
    public static final String DIRECTION = "direction";

    /** Role in the state: the damping rule's numbers. */
    public static final String DAMPING = "damping";

    /** Role in the state: the line search's numbers. */
    public static final String LINE_SEARCH = "line search";

    /** Role in the state: the step loop's counters. */
    public static final String STEPS = "step loop";

    /** Role in the state: what the validation of the damping by the next mini-batch needs. */
    public static final String VALIDATION = "validation";

    private double learningRate;
    private @Nullable ISchedule learningRateSchedule;
    private final double momentum;
    private final Damping damping;
    private final LineSearch lineSearch;
    private final int maxRejections;

    /**
     * The settings that all optimizers have.
     *
     * @throws IllegalArgumentException naming the setting, its value and the allowed range
     */
    protected GaussNewtonUpdater(
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

    /** Names of the numbers that the direction remembers from step to step. */
    protected abstract List<String> directionNumbers();

    /** Names of the vectors of the parameters' length that the direction remembers from step to step. */
    protected abstract List<String> directionVectors();

    /** What a training with these settings remembers from step to step. */
    public final StateLayout stateLayout() {
        List<StateLayout.Component> components = new ArrayList<>();
        components.add(
                new StateLayout.Component(DIRECTION, getClass().getName(), directionNumbers(), directionVectors()));
        components.add(new StateLayout.Component(DAMPING, damping.getClass().getName(), damping.slots(), List.of()));
        components.add(
                new StateLayout.Component(LINE_SEARCH, lineSearch.getClass().getName(), lineSearch.slots(), List.of()));
        components.add(new StateLayout.Component(STEPS, "", List.of("steps", "rejections"), List.of()));
        if (damping.isValidated()) {
            components.add(new StateLayout.Component(VALIDATION, "", List.of("promised"), List.of("previous")));
        }
        return new StateLayout(components);
    }

    @Override
    public final long stateSize(long numParams) {
        return stateLayout().vectors() * numParams + HEADER;
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

        /** Takes over all settings that are in this class. */
        B copy(GaussNewtonUpdater from) {
            learningRate = from.learningRate;
            learningRateSchedule = from.learningRateSchedule == null ? null : from.learningRateSchedule.clone();
            momentum = from.momentum;
            damping = from.damping;
            lineSearch = from.lineSearch;
            maxRejections = from.maxRejections;
            return (B) this;
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
