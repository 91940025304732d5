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

    /** Role in the state: what the validation of damping and pace by the next mini-batch needs. */
    public static final String VALIDATION = "validation";

    /** Role in the state: what less damping would have added to the last direction. */
    public static final String SENSITIVITY = "sensitivity";

    /** Role in the state: the pace's numbers. */
    public static final String PACE = "pace";

    /** Role in the state: what tells a pace whether examples are learnt by heart. */
    public static final String MEMORIZATION = "memorization";

    /** Role in the state: the direction that projected momentum goes on from. */
    public static final String PROJECTION = "projection";

    /** Role in the state: the iterate, where the network's parameters are the average. */
    public static final String AVERAGE = "average";

    private double learningRate;
    private @Nullable ISchedule learningRateSchedule;
    private final double momentum;
    private final Damping damping;
    private final LineSearch lineSearch;
    private final int maxRejections;
    private final Stochastic stochastic;

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
            int maxRejections,
            Stochastic stochastic) {
        this.learningRate =
                learningRateSchedule == null ? Require.positive("learningRate", learningRate) : learningRate;
        this.learningRateSchedule = learningRateSchedule;
        this.momentum = Require.fraction("momentum", momentum);
        this.damping = Objects.requireNonNull(damping, "damping must not be null");
        this.lineSearch = Objects.requireNonNull(lineSearch, "lineSearch must not be null");
        this.maxRejections = Require.atLeast("maxRejections", maxRejections, 1);
        this.stochastic = Objects.requireNonNull(stochastic, "stochastic must not be null");
        if (momentum > 0 && stochastic.projectedMomentum() > 0) {
            throw new IllegalArgumentException("momentum is " + momentum + " and projectedMomentum is "
                    + stochastic.projectedMomentum() + ", but only one of them can be above 0: set the other to 0");
        }
    }

    /** As the other constructor, with each step by itself on the whole mini-batch, as in the papers. */
    protected GaussNewtonUpdater(
            double learningRate,
            @Nullable ISchedule learningRateSchedule,
            double momentum,
            Damping damping,
            LineSearch lineSearch,
            int maxRejections) {
        this(learningRate, learningRateSchedule, momentum, damping, lineSearch, maxRejections, Stochastic.NONE);
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

    /** After this many rejected steps in a row, training stops with an error; where a step has several tries, each counts. */
    public int maxRejections() {
        return maxRejections;
    }

    /** How many dampings a step tries at most, each where the one before was rejected. */
    public int tries() {
        return 1;
    }

    /** The rule of length and damping that follows the next mini-batch, or null; with one there is no search. */
    public @Nullable Pace pace() {
        return stochastic.pace();
    }

    /** μ of projected momentum; 0 for none. */
    public double projectedMomentum() {
        return stochastic.projectedMomentum();
    }

    /** Power of the average of iterates that the network's parameters are; 0 for none. */
    public double averaging() {
        return stochastic.averaging();
    }

    /** Share of the mini-batch that H is taken from; 0 where it follows from size and cost. */
    public double curvatureShare() {
        return stochastic.curvatureShare();
    }

    /**
     * Into how many parts a mini-batch is divided, of which one gives H in each step, in turn; 1 for the whole.
     *
     * @param examples b
     * @param outputs c
     * @param parameters d
     */
    public final int curvatureParts(long examples, long outputs, long parameters) {
        double share = stochastic.curvatureShare();
        long wanted = share > 0
                ? Math.round(1 / share)
                : examples / Math.max(1, curvatureExamples(examples, outputs, parameters));
        return (int) Math.max(1, Math.min(wanted, examples));
    }

    /** How many of b examples with c outputs give H, where nothing is set. */
    protected long curvatureExamples(long examples, long outputs, long parameters) {
        return examples;
    }

    /** Whether steps hear what they did for the next mini-batch. */
    public final boolean isValidated() {
        return damping.isValidated() || stochastic.pace() != null;
    }

    final Stochastic stochastic() {
        return stochastic;
    }

    /** The schedule of the learning rate, or null. */
    public @Nullable ISchedule learningRateSchedule() {
        return learningRateSchedule;
    }

    /**
     * Whether the learning rate is a first guess of the {@link Pace}: a constant one, where there is a pace. Any other
     * multiplies the length of steps.
     */
    public final boolean rateIsFirstGuess() {
        return pace() != null && learningRateSchedule == null;
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
        if (isValidated()) {
            components.add(new StateLayout.Component(VALIDATION, "", List.of("promised", "loss"), List.of("previous")));
        }
        if (damping.isSensed()) {
            components.add(new StateLayout.Component(SENSITIVITY, "", List.of("predicted"), List.of("change")));
        }
        Pace pace = stochastic.pace();
        if (pace != null) {
            components.add(new StateLayout.Component(PACE, "", pace.slots(), List.of()));
            components.add(new StateLayout.Component(MEMORIZATION, "", Memorization.slots(), List.of()));
        }
        if (stochastic.projectedMomentum() > 0) {
            components.add(new StateLayout.Component(PROJECTION, "", List.of("remembers"), List.of("last")));
        }
        if (stochastic.averaging() > 0) {
            components.add(new StateLayout.Component(AVERAGE, "", List.of("count", "fingerprint"), List.of("iterate")));
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
                + momentum + ", damping=" + damping + ", lineSearch=" + lineSearch + ", maxRejections=" + maxRejections
                + ", " + stochastic;
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
                && stochastic.equals(((GaussNewtonUpdater) other).stochastic);
    }

    @Override
    public int hashCode() {
        return Objects.hash(getClass(), momentum, damping, lineSearch, maxRejections, stochastic);
    }

    /** The settings that all optimizers share, with their defaults where they do not differ. */
    @SuppressWarnings("unchecked") // B is always the builder itself
    public abstract static class Builder<B extends Builder<B>> {

        double learningRate = 1.0;

        @Nullable
        ISchedule learningRateSchedule;

        @Nullable
        Double momentum;

        @Nullable
        Damping damping;

        @Nullable
        LineSearch lineSearch;

        private @Nullable Pace pace;
        private @Nullable Double projectedMomentum;
        private @Nullable Double averaging;
        private @Nullable Double curvatureShare;
        int maxRejections = 20;

        Builder() {}

        /** Takes over all settings that are in this class. */
        B copy(GaussNewtonUpdater from) {
            learningRate = from.learningRate;
            learningRateSchedule = from.learningRateSchedule == null ? null : from.learningRateSchedule.clone();
            momentum = from.momentum;
            damping = from.damping;
            lineSearch = from.lineSearch;
            maxRejections = from.maxRejections;
            pace = from.pace();
            projectedMomentum = from.projectedMomentum();
            averaging = from.averaging();
            curvatureShare = from.curvatureShare();
            return (B) this;
        }

        /** Whether steps find their length by a pace: unless a line search was named, and no pace. */
        final boolean isPaced() {
            return pace != null || lineSearch == null;
        }

        /** The search: with a pace, one full step of the length that it allows. */
        final LineSearch search() {
            return lineSearch == null ? LineSearch.none() : lineSearch;
        }

        /** What was set, and the rest as the standard is, or with a line search as in the papers. */
        final Stochastic stochastic() {
            Stochastic others = isPaced() ? Stochastic.STANDARD : Stochastic.NONE;
            boolean averagesDirections = momentum != null && momentum > 0;
            return new Stochastic(
                    pace == null ? others.pace() : pace,
                    projectedMomentum != null ? projectedMomentum : averagesDirections ? 0 : others.projectedMomentum(),
                    averaging != null ? averaging : others.averaging(),
                    curvatureShare != null ? curvatureShare : others.curvatureShare());
        }

        /** Rule of the damping. Default: that of the pace, or with a line search that of the paper. */
        public B damping(Damping rule) {
            damping = Objects.requireNonNull(rule, "damping must not be null");
            return (B) this;
        }

        /**
         * Rule of the step length on the step's own mini-batch, instead of the pace. Naming one makes the paper's step the
         * default of all settings that are not set: no pace, no projected momentum, no averaging, the whole mini-batch.
         */
        public B lineSearch(LineSearch rule) {
            lineSearch = Objects.requireNonNull(rule, "lineSearch must not be null");
            pace = null;
            return (B) this;
        }

        /**
         * Rule of step length, damping and iterations that follows what steps do for the next mini-batch, instead of a line
         * search. Default {@link Pace#standard()}, unless a line search is named.
         */
        public B pace(Pace rule) {
            pace = Objects.requireNonNull(rule, "pace must not be null");
            lineSearch = null;
            return (B) this;
        }

        /**
         * μ in [0, 1) of projected momentum, (H + λI)Δ = −g + λμΔ' with Δ' the direction of the last step (SPRING, Goldshlager
         * et al. 2024): what this mini-batch says nothing of goes on. Costs a vector, and in SGN one product a step. Default
         * 0.9; 0 with a line search, or with {@link #momentum}.
         */
        public B projectedMomentum(double mu) {
            projectedMomentum = mu;
            return (B) this;
        }

        /**
         * Power r of the average of the iterates that the network's parameters are: x ← x + (r + 1)/(t + r)·(θₜ − x) (Shamir
         * and Zhang 2013), while steps go on from θₜ. It takes the noise of mini-batches out as a learning rate that falls to
         * zero does, without an end that it needs to know. Costs a vector. Default 8; 0, no average, with a line search.
         */
        public B averaging(double power) {
            averaging = power;
            return (B) this;
        }

        /**
         * Share of the mini-batch in (0, 1] that the curvature H is taken from; gradient and loss are always of the whole. The
         * share is another one in each step, in turn. 0: by size and cost, which is the default; 1 with a line search. A
         * network whose examples share something, statistics of batch normalization or a draw of noise, has the whole.
         */
        public B curvatureShare(double share) {
            curvatureShare = share;
            return (B) this;
        }

        /**
         * Step length, or the first trial of the line search. By default, with a {@linkplain Pace pace}, a first guess: steps
         * begin so many times as long, and find their own length from there. Default 1.
         */
        public B learningRate(double rate) {
            learningRate = rate;
            learningRateSchedule = null;
            return (B) this;
        }

        /**
         * Step length by one of DL4J's schedules; by default, with a {@linkplain Pace pace}, what the length that it finds is
         * multiplied by, for as long as the schedule lasts: {@code FixedSchedule(0.3)} makes all steps shorter.
         */
        public B learningRate(ISchedule schedule) {
            learningRate = Double.NaN;
            learningRateSchedule = Objects.requireNonNull(schedule, "schedule must not be null");
            return (B) this;
        }

        /** Momentum β in [0, 1) of the papers, an average with bias correction; default 0. */
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
