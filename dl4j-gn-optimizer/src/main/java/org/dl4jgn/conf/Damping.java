package org.dl4jgn.conf;

import java.io.Serializable;
import java.util.List;
import org.nd4j.shade.jackson.annotation.JsonAutoDetect;
import org.nd4j.shade.jackson.annotation.JsonTypeInfo;

/**
 * How the damping ρ (SGN) or λ (EGN) of the system (H + ρI)Δ = −g evolves.
 *
 * <p>ρ is in units of the curvature of the mean loss, the same as an l2 coefficient. A rule is a pure function of a
 * small state, which the optimizer keeps with the network, so that training resumes where it stopped. Each step ends
 * in one of three events: accepted or rejected, both with the ratio of actual to predicted reduction of the loss; invalid,
 * because a number was not finite. A rejected or invalid step must raise the damping of the next step. A step that can gain
 * nothing any more is none of them, and leaves the damping alone.
 *
 * <p>Implement it for a rule of your own: an immutable class that Jackson can write and read.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.CLASS, include = JsonTypeInfo.As.PROPERTY, property = "@class")
@JsonAutoDetect(
        fieldVisibility = JsonAutoDetect.Visibility.ANY,
        getterVisibility = JsonAutoDetect.Visibility.NONE,
        isGetterVisibility = JsonAutoDetect.Visibility.NONE,
        setterVisibility = JsonAutoDetect.Visibility.NONE)
public interface Damping extends Serializable {

    /**
     * What a rule remembers from step to step: a few numbers, as many as {@link #slots} names at most. Those that are not
     * given are 0.
     *
     * @param numbers the numbers, without zeros at the end
     */
    record State(List<Double> numbers) {

        /** Drops zeros at the end, so that states of the same numbers are equal. */
        public State {
            int size = numbers.size();
            while (size > 0 && numbers.get(size - 1).equals(0.0)) {
                size--;
            }
            numbers = List.copyOf(numbers.subList(0, size));
        }

        /** A state of one number. */
        public State(double value) {
            this(List.of(value));
        }

        /** A state of two numbers. */
        public State(double value, double first) {
            this(List.of(value, first));
        }

        /** A state of three numbers. */
        public State(double value, double first, double second) {
            this(List.of(value, first, second));
        }

        /** The i-th number, counted from 0. */
        public double get(int i) {
            return i < numbers.size() ? numbers.get(i) : 0;
        }

        /** The rule's own number: the damping itself, or a factor on a schedule. */
        public double value() {
            return get(0);
        }

        /** A further number, for rules that need one. */
        public double first() {
            return get(1);
        }

        /** Another one. */
        public double second() {
            return get(2);
        }
    }

    /** Names of the numbers in this rule's states, in order. A rule that needs more than three, or better names, says so. */
    default List<String> slots() {
        return List.of("value", "first", "second");
    }

    /** The state before the first step. */
    State initial();

    /** The damping of step {@code step}, counted from 0. */
    double value(State state, long step);

    /**
     * The damping of step {@code step}, for rules that look at the loss.
     *
     * @param excess how far the mini-batch's mean loss before the step is from the least value that it can have anywhere,
     *     as far as that is known: the loss itself for losses that fall to 0; +∞ if nothing is known. Unlike the loss it is
     *     never negative, but for rounding
     * @param curvature the mean of the loss's curvature over the outputs there: 2/c for MSE, 1/c for cross-entropy on a
     *     softmax with c classes
     */
    default double value(State state, long step, double excess, double curvature) {
        return value(state, step);
    }

    /** Whether a {@link Pace}, where there is one, divides this damping by max(1, s)². */
    default boolean isPaced() {
        return false;
    }

    /**
     * The state after an accepted step.
     *
     * @param ratio actual / predicted reduction of the loss by the first trial step; −∞ if its loss was not finite
     */
    State accepted(State state, double ratio);

    /**
     * Whether the rule asks how each accepted step does on the next mini-batch. That costs one evaluation of the loss a step
     * and one vector of the parameters' length.
     */
    default boolean isValidated() {
        return false;
    }

    /**
     * The state when the next mini-batch has shown what an accepted step did for data it had not seen; called before that
     * mini-batch's own step, where {@link #isValidated()}.
     *
     * @param actual reduction of the next mini-batch's mean loss by the step; negative if it rose
     * @param predicted reduction of the step's own mini-batch's mean loss, by the quadratic model; positive
     */
    default State validated(State state, double actual, double predicted) {
        return state;
    }

    /**
     * Whether the rule asks what less damping would have done for the next mini-batch. That costs a vector of the parameters'
     * length, and in the direction next to nothing.
     */
    default boolean isSensed() {
        return false;
    }

    /**
     * The state when the next mini-batch has shown what less damping would have done for it; called before that mini-batch's own
     * step, where {@link #isSensed()}. Both are changes of a mean loss, negative where it falls, to first order along w, which is a
     * positive multiple of −∂Δ/∂ln λ.
     *
     * @param actual g'ᵀw on the next mini-batch, where the step led
     * @param predicted (g + αHΔ)ᵀw on the step's own, by the quadratic model
     */
    default State sensed(State state, double actual, double predicted) {
        return state;
    }

    /**
     * The state when a step begins, before its damping is asked for.
     *
     * @param curvature as in {@link #value(State, long, double, double)}
     */
    default State begun(State state, double curvature) {
        return state;
    }

    /**
     * Whether the damping has risen as far as the rule lets it, so that where steps are still worth nothing to the next mini-batch,
     * only shorter ones are left.
     */
    default boolean isSpent(State state) {
        return false;
    }

    /** The state after a rejected step. */
    State rejected(State state);

    /**
     * The state after a rejected step, for rules that ask how bad it was.
     *
     * @param ratio actual / predicted reduction of the loss by the first trial step; −∞ if none was predicted, if its loss
     *     was not finite, or if there was no trial
     */
    default State rejected(State state, double ratio) {
        return rejected(state);
    }

    /** The state after a step with a number that was not finite. */
    State invalid(State state);

    /** Always {@code rho}; raised for a while after rejected steps. */
    static Damping constant(double rho) {
        return new ScheduledDamping(ScheduledDamping.Decay.CONSTANT, rho, rho, 1);
    }

    /**
     * {@code factor} times the mini-batch's loss, from its least possible value on, times the mean curvature of the loss, both
     * before the step; raised for a while after rejected steps.
     */
    static Damping proportional(double factor) {
        return proportional(constant(factor));
    }

    /** {@code factor} times the mean curvature of the loss, divided by max(1, s)² of the {@link Pace} where there is one. */
    static Damping relative(double factor) {
        return new RelativeDamping(constant(factor));
    }

    /** As {@link #proportional(double)}, with a factor that evolves by a rule of its own. */
    static Damping proportional(Damping factor) {
        return new LossDamping(factor);
    }

    /**
     * Follows what steps do for the next mini-batch, see {@link ValidatedDamping}: where its reduction is under a tenth of
     * what was predicted, in sums over the last ten steps or so, damping rises by a tenth, up to 6.25 times {@code initial};
     * over four tenths, it falls by a tenth.
     *
     * @param initial the first damping
     */
    static Damping validated(double initial) {
        return new ValidatedDamping(initial, 1e-5 * initial, 6.25 * initial, 0.1, 0.4, 1.1, 0.9, 0.9);
    }

    /**
     * Goes down the next mini-batch's loss with respect to damping, see {@link HypergradientDamping}; within 0.01 and 2 times
     * the mean curvature of the loss.
     *
     * @param initial the first damping, as a multiple of it
     */
    static Damping hypergradient(double initial) {
        return new HypergradientDamping(initial, 0.1, 0.01, 2, 0.02, 0.4, 0.97);
    }

    /**
     * From {@code from} at the first step on a straight line to {@code to} at step {@code steps}, and {@code to} from
     * there on.
     */
    static Damping linear(double from, double to, int steps) {
        return new ScheduledDamping(ScheduledDamping.Decay.LINEAR, from, to, steps);
    }

    /** {@code from} · cos(π/2 · t/{@code steps}) at step t, but not below {@code to}, and {@code to} from there on. */
    static Damping cosine(double from, double to, int steps) {
        return new ScheduledDamping(ScheduledDamping.Decay.COSINE, from, to, steps);
    }

    /**
     * The rule of the SGN authors' code: ratio under ¼ → ρ·3/2, over ¾ → ρ·2/3, never below 1e-6 or ρ₀ (Nocedal and
     * Wright, algorithm 4.1, on ρ).
     *
     * @param initial ρ₀
     */
    static Damping trustRegion(double initial) {
        return trustRegion(initial, Math.min(1e-6, initial));
    }

    /** As {@link #trustRegion(double)}, with a floor of its own. */
    static Damping trustRegion(double initial, double floor) {
        return new RatioDamping(initial, floor, 1e8, 0.25, 0.75, 1.5, 2.0 / 3.0, 1.5);
    }

    /**
     * Nielsen's rule: accepted → ρ·max(⅓, 1 − (2·ratio − 1)³), rejected → ρ·2, then ·4, ·8, ... in a row (Nielsen 1999).
     *
     * @param initial ρ₀
     */
    static Damping nielsen(double initial) {
        return new NielsenDamping(initial, Math.min(1e-10, initial), 1e8);
    }

    /**
     * The rule of the EGN authors' code: ratio under ¼ → λ·1.01, over ¾ → λ·0.99. After a rejected step it leaps, to 2λ,
     * since the next one has to be better.
     *
     * @param initial λ₀
     */
    static Damping adaptive(double initial) {
        return adaptive(initial, 0.99, 1.01);
    }

    /** As {@link #adaptive(double)}, with factors of its own. */
    static Damping adaptive(double initial, double lower, double raise) {
        return new RatioDamping(
                initial, Math.min(1e-10, initial), Math.max(1e10, initial), 0.25, 0.75, raise, lower, 2);
    }
}
