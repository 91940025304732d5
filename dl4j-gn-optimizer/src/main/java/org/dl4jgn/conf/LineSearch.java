package org.dl4jgn.conf;

import java.io.Serializable;
import org.nd4j.shade.jackson.annotation.JsonAutoDetect;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * How far to go along the direction.
 *
 * <p>A step of length α along Δ from loss L₀ is acceptable if L(θ + αΔ) ≤ L₀ + cα·gᵀΔ (Armijo; Nocedal and Wright,
 * algorithm 3.1). The search starts from the learning rate and shortens the step by a factor until it is acceptable.
 * Trials evaluate the loss of the same mini-batch, forward only. A loss that is not finite is never acceptable.
 *
 * @param sufficientDecrease c, in [0, 1); meaningless without a search
 * @param shrink factor between trials, in (0, 1)
 * @param maxShrinks how often a step may be shortened; 0 and any finite loss accepted means no search
 * @param requireDecrease whether a step must meet Armijo's condition at all
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
        @JsonProperty("requireDecrease") boolean requireDecrease)
        implements Serializable {

    /** Checks the settings. */
    @JsonCreator
    public LineSearch {
        Require.fraction("sufficientDecrease", sufficientDecrease);
        Require.between("shrink", shrink, 0, 1);
        Require.atLeast("maxShrinks", maxShrinks, 0);
    }

    /** One step of the learning rate's length; it is rejected only if the loss there is not finite. */
    public static LineSearch none() {
        return new LineSearch(0.0, 0.5, 0, false);
    }

    /** Backtracking with the SGN authors' settings: c = 1e-4, halving, at most 10 times. */
    public static LineSearch armijo() {
        return armijo(1e-4, 0.5, 10);
    }

    /** Backtracking. */
    public static LineSearch armijo(double sufficientDecrease, double shrink, int maxShrinks) {
        return new LineSearch(sufficientDecrease, shrink, maxShrinks, true);
    }
}
