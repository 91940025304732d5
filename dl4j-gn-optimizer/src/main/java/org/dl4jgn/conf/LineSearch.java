package org.dl4jgn.conf;

import java.io.Serializable;
import java.util.Objects;
import org.nd4j.shade.jackson.annotation.JsonAutoDetect;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * How far to go along the direction.
 *
 * <p>A step of length α along Δ from loss L₀ is acceptable if L(θ + αΔ) ≤ L₀ + cα·gᵀΔ (Armijo; Nocedal and Wright,
 * algorithm 3.1). The search starts from a length that {@code reset} chooses, at most the learning rate, and shortens the
 * step by a factor until it is acceptable. Trials evaluate the loss of the same mini-batch, forward only. A loss that is
 * not finite is never acceptable.
 *
 * @param sufficientDecrease c, in [0, 1); meaningless without a search
 * @param shrink factor between trials, in (0, 1)
 * @param maxShrinks how often a step may be shortened; 0 and any finite loss accepted means no search
 * @param requireDecrease whether a step must meet Armijo's condition at all
 * @param reset where a search starts
 * @param growth factor by which {@code reset} may lengthen the step from search to search, at least 1
 */
@JsonAutoDetect(
        fieldVisibility = JsonAutoDetect.Visibility.ANY,
        getterVisibility = JsonAutoDetect.Visibility.NONE,
        isGetterVisibility = JsonAutoDetect.Visibility.NONE,
        setterVisibility = JsonAutoDetect.Visibility.NONE)
public record LineSearch(
        @JsonProperty("sufficientDecrease") double sufficientDecrease,
        @JsonProperty("shrink") double shrink,
        @JsonProperty("maxShrinks") int maxShrinks,
        @JsonProperty("requireDecrease") boolean requireDecrease,
        @JsonProperty("reset") StepReset reset,
        @JsonProperty("growth") double growth)
        implements Serializable {

    /** Checks the settings. */
    @JsonCreator
    public LineSearch {
        Require.fraction("sufficientDecrease", sufficientDecrease);
        Require.between("shrink", shrink, 0, 1);
        Require.atLeast("maxShrinks", maxShrinks, 0);
        Objects.requireNonNull(reset, "reset must not be null");
        if (!(growth >= 1 && Double.isFinite(growth))) {
            throw new IllegalArgumentException("growth is " + growth + ", but must be a finite number ≥ 1");
        }
    }

    /** One step of the learning rate's length; it is rejected only if the loss there is not finite. */
    public static LineSearch none() {
        return new LineSearch(0.0, 0.5, 0, false, StepReset.LEARNING_RATE, 1.0);
    }

    /** Backtracking with the SGN authors' settings: c = 1e-4, halving, at most 10 times, from the learning rate. */
    public static LineSearch armijo() {
        return armijo(1e-4, 0.5, 10);
    }

    /** Backtracking from the learning rate. */
    public static LineSearch armijo(double sufficientDecrease, double shrink, int maxShrinks) {
        return new LineSearch(sufficientDecrease, shrink, maxShrinks, true, StepReset.LEARNING_RATE, 1.0);
    }

    /**
     * Backtracking with the EGN authors' settings: aggressiveness 0.9, which is c = 0.1, factor 0.8, at most 15
     * evaluations, growth 1.5.
     */
    public static LineSearch armijo(StepReset reset) {
        return armijo(0.9, 0.8, 1.5, 15, reset);
    }

    /**
     * Backtracking that remembers the length of the last step.
     *
     * @param aggressiveness 1 − c, in (0, 1]: the nearer to 1, the longer the steps that are accepted
     * @param decrease factor between trials, in (0, 1)
     * @param increase growth factor, at least 1
     * @param maxEvaluations at most this many trials, at least 1
     */
    public static LineSearch armijo(
            double aggressiveness, double decrease, double increase, int maxEvaluations, StepReset reset) {
        Require.atLeast("line search evaluations", maxEvaluations, 1);
        return new LineSearch(1 - aggressiveness, decrease, maxEvaluations - 1, true, reset, increase);
    }

    /**
     * The first trial's length.
     *
     * @param remembered the result of {@link #next} for the step before; 0 for none
     */
    public double first(double learningRate, double remembered) {
        return remembered > 0 ? Math.min(learningRate, remembered) : learningRate;
    }

    /** What to remember after a step of length {@code accepted}; see {@link StepReset}. */
    public double next(double accepted, boolean tooShort) {
        return reset.next(accepted, growth, tooShort);
    }
}
