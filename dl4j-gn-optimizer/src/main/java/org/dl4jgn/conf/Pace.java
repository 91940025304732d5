package org.dl4jgn.conf;

import java.io.Serializable;
import java.util.List;
import org.nd4j.shade.jackson.annotation.JsonAutoDetect;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * How boldly training goes: one number s that follows what steps do for data they have not seen, and from which
 * the length of steps, their damping and their solver's iterations follow.
 *
 * <p>With q the reduction of the loss on the next mini-batch by what the quadratic model promised for the step's own, both in
 * sums in which each step counts by {@code memory} less than the one after it,
 *
 * <pre>s ← s · exp(rate · (q − target)),     q within [−1, 1],   s within [slowest, fastest].</pre>
 *
 * In the sums no answer and no promise counts for more than five times the mean promise before it: a mini-batch with an outlier would drown the others.
 * Where mini-batches agree, q is near 1 and s grows; where their noise dominates, q is near 0 and s falls slowly; where steps
 * harm, q is negative and s falls fast. A step after which the next mini-batch's loss is higher by the share {@code harm} is
 * taken back, and s halved, below {@code slowest} too, so that a schedule that is far too large harms a few steps and not all;
 * from there s comes back by exp(rate) a step, and by half where q is above ¾. Where the next mini-batch is the same one, all
 * examples in most cases, there is no noise: s grows by half where more than ¾ of the promise came true, up to {@code calmest},
 * is halved where less than ¼ did, and any step that raises the loss is taken back.
 *
 * <p>Where examples are {@linkplain Memorization learnt by heart} and more damping is not to be had, s falls by exp(rate) a step, below
 * {@code slowest} too, and comes back by exp(rate · target) in each step with less damping than that: a training that has nothing left
 * to learn ends by itself.
 *
 * <p>From s and S = max(1, s) follow
 *
 * <pre>‖αΔ‖ ≤ bound · s · max(1, ‖θ‖),    α ≤ min(1, length · S^0.35),    λ = damping rule / S²,    k · S^0.35 iterations.</pre>
 *
 * A constant learning rate is a first guess: s begins at start · learning rate, and when another one is set, s goes with it once,
 * and on from there. A schedule of DL4J's says what steps are to be, for as long as it lasts: it multiplies α.
 *
 * @param start s before the first step, within the limits
 * @param bound relative length of steps for s = 1
 * @param length multiple of the direction for s = 1, in (0, 1]
 * @param slowest smallest s but after harm and where examples are learnt by heart, in (0, 1]
 * @param fastest largest s, at least 1
 * @param calmest largest s where each mini-batch is the same one, at least {@code fastest}
 * @param rate largest change of ln s in a step within the limits; 0 for none
 * @param target q at which s stays
 * @param memory in [0, 1)
 * @param harm share by which the next mini-batch's loss may rise
 */
@JsonAutoDetect(
        fieldVisibility = JsonAutoDetect.Visibility.ANY,
        getterVisibility = JsonAutoDetect.Visibility.NONE,
        isGetterVisibility = JsonAutoDetect.Visibility.NONE,
        setterVisibility = JsonAutoDetect.Visibility.NONE)
public record Pace(
        @JsonProperty("start") double start,
        @JsonProperty("bound") double bound,
        @JsonProperty("length") double length,
        @JsonProperty("slowest") double slowest,
        @JsonProperty("fastest") double fastest,
        @JsonProperty("calmest") double calmest,
        @JsonProperty("rate") double rate,
        @JsonProperty("target") double target,
        @JsonProperty("memory") double memory,
        @JsonProperty("harm") double harm)
        implements Serializable {

    private static final long serialVersionUID = 1L;

    /** A norm of parameters below this counts as this: a network that starts at zero can move. */
    private static final double SMALLEST_NORM = 1;

    private static final double LENGTH_POWER = 0.35;
    private static final double ITERATIONS_POWER = 0.35;
    private static final double AFTER_HARM = 0.5;

    /** The smallest s at all, in units of {@code slowest}. */
    private static final double LEAST = 0.01;

    /** Shares of the promise, on the same mini-batch, below which s falls and above which it grows, */
    private static final double LOW = 0.25;

    private static final double HIGH = 0.75;

    /** by this factor. */
    private static final double LEAP = 1.5;

    /** Checks the settings. */
    @JsonCreator
    public Pace {
        Require.positive("start of pace", start);
        Require.positive("bound of pace", bound);
        Require.positive("length of pace", length);
        Require.upToOne("length of pace", length);
        Require.positive("slowest of pace", slowest);
        Require.upToOne("slowest of pace", slowest);
        if (!(fastest >= 1 && Double.isFinite(fastest))) {
            throw new IllegalArgumentException("fastest of pace is " + fastest + ", but must be a finite number ≥ 1");
        }
        if (!(calmest >= fastest && Double.isFinite(calmest))) {
            throw new IllegalArgumentException(
                    "calmest of pace is " + calmest + ", but must be a finite number ≥ fastest, " + fastest);
        }
        Require.nonNegative("rate of pace", rate);
        Require.upToOne("target of pace", target);
        Require.fraction("memory of pace", memory);
        Require.positive("harm of pace", harm);
    }

    /** The rule that needs no setting. */
    public static Pace standard() {
        return new Pace(1, 0.01, 0.3, 0.3, 2, 100, 0.1, 0.1, 0.9, 0.1);
    }

    /**
     * What a pace remembers from step to step.
     *
     * @param value s; 0 before the first step
     * @param actual sum of reductions on the next mini-batch
     * @param promised sum of reductions that the model promised
     * @param guess the constant learning rate that s has gone with
     * @param weight of both sums: that of the last step is 1, of each before less by the memory; 0 before the first
     * @param least what s does not fall below but after harm: {@code slowest}, or less where examples were learnt by heart
     */
    public record State(double value, double actual, double promised, double guess, double weight, double least) {

        /** The state of these numbers, in the order of {@link Pace#slots}. */
        public static State of(List<Double> numbers) {
            return new State(
                    numbers.get(0), numbers.get(1), numbers.get(2), numbers.get(3), numbers.get(4), numbers.get(5));
        }

        /** The numbers, in that order. */
        public List<Double> numbers() {
            return List.of(value, actual, promised, guess, weight, least);
        }
    }

    /** Names of the numbers that are remembered from step to step. */
    public List<String> slots() {
        return List.of("value", "actual", "promised", "guess", "weight", "least");
    }

    /** The state before the first step, of a learning rate of 1. */
    public State initial() {
        return new State(Math.max(slowest, Math.min(calmest, start)), 0, 0, 1, 0, slowest);
    }

    /**
     * The state with s gone with a constant learning rate, if that has been set since. A guess knows nothing of noise, and leads
     * no further than {@code fastest} unless s is beyond already.
     */
    public State guessed(State state, double learningRate) {
        if (learningRate == state.guess()) {
            return state;
        }
        double most = isLong(state) ? calmest : fastest;
        double value = state.value() * (learningRate / state.guess());
        return new State(
                Math.max(LEAST * slowest, Math.min(most, value)),
                state.actual(),
                state.promised(),
                learningRate,
                state.weight(),
                state.least());
    }

    /** The longest α, of a direction with ‖Δ‖ and parameters with ‖θ‖. */
    public double longest(State state, double parameterNorm, double directionNorm) {
        double steps = Math.min(1, length * Math.pow(bold(state), LENGTH_POWER));
        return directionNorm > 0
                ? Math.min(steps, bound * state.value() * Math.max(SMALLEST_NORM, parameterNorm) / directionNorm)
                : steps;
    }

    /** The damping, for what its own rule says. */
    public double damping(State state, double rule) {
        return rule / (bold(state) * bold(state));
    }

    /** The number of iterations, for the number that is set. */
    public int iterations(State state, int set) {
        return Math.max(1, (int) Math.round(set * Math.pow(bold(state), ITERATIONS_POWER)));
    }

    private static double bold(State state) {
        return Math.max(1, state.value());
    }

    /**
     * What a step did for the mini-batch after its own.
     *
     * @param before that mini-batch's loss at the step's beginning
     * @param after and at its end, finite or not
     * @param promised reduction of its own mini-batch's loss, by the model; positive
     * @param rounding differences of losses below this mean nothing
     * @param isSame whether it is the step's own mini-batch once more, as where all examples are in one: there is no noise then
     */
    public record Answer(double before, double after, double promised, double rounding, boolean isSame) {

        private double share() {
            return (before - after) / promised;
        }
    }

    /** Whether a step is to be taken back. */
    public boolean isHarmful(Answer answer) {
        double rise = answer.isSame ? 0 : harm * Math.abs(answer.before);
        return !(answer.after - answer.before <= rise + answer.rounding);
    }

    /** The state with an answer heard. */
    public State validated(State state, Answer answer) {
        boolean isRounding = Math.max(Math.abs(answer.before - answer.after), answer.promised) <= answer.rounding;
        if (isRounding) {
            return state;
        }
        boolean wasHarmful = isHarmful(answer);
        double reduction = Double.isFinite(answer.after) ? answer.before - answer.after : -answer.promised;
        Answers answers =
                new Answers(state.actual(), state.promised(), state.weight()).with(reduction, answer.promised, memory);
        double quality = answers.share();
        double value = answer.isSame
                ? withoutNoise(state.value(), wasHarmful, answer.share())
                : withNoise(state.value(), wasHarmful, quality);
        double least = wasHarmful ? LEAST * slowest : Math.min(state.least(), state.value() * comeback(quality));
        return new State(
                Math.max(least, Math.min(calmest, value)),
                answers.actual(),
                answers.promised(),
                state.guess(),
                answers.weight(),
                state.least());
    }

    /** The state where examples are learnt by heart, and damping can do no more. */
    public State memorized(State state) {
        double value = Math.max(LEAST * slowest, state.value() * Math.exp(-rate));
        return with(state, value, Math.min(state.least(), value));
    }

    /** The state where damping is not at its highest. */
    public State recovered(State state) {
        return with(state, state.value(), Math.min(slowest, state.least() * Math.exp(rate * target)));
    }

    /** Whether s may be below {@code slowest} since examples were learnt by heart. */
    public boolean isHeld(State state) {
        return state.least() < slowest;
    }

    private static State with(State state, double value, double least) {
        return new State(value, state.actual(), state.promised(), state.guess(), state.weight(), least);
    }

    private double withNoise(double value, boolean wasHarmful, double quality) {
        double change = rate * (Math.max(-1, Math.min(1, quality)) - target);
        double next = Math.min(fastest, value * Math.exp(change));
        return wasHarmful ? AFTER_HARM * next : next;
    }

    /** As a trust region's radius: the model is right or wrong by itself. */
    private static double withoutNoise(double value, boolean wasHarmful, double share) {
        return wasHarmful || share < LOW ? AFTER_HARM * value : share > HIGH ? LEAP * value : value;
    }

    /** Whether steps are so long that each is to be looked at: only where there is no noise. */
    public boolean isLong(State state) {
        return state.value() > fastest;
    }

    /** The least weight of an iterate in the average: without noise there is nothing to average. */
    public double leastWeight(State state) {
        return Math.max(0, 1 - fastest / state.value());
    }

    /** The factor by which s rises at least, below the slowest: there the model holds, and q says what noise there is. */
    private double comeback(double quality) {
        return quality > HIGH ? LEAP : Math.exp(rate);
    }
}
