package org.dl4jgn.conf;

import java.util.List;
import java.util.Objects;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Armijo's backtracking: a step of length α along Δ is acceptable if φ(α) ≤ φ(0) + cα·hᵀΔ, to rounding (Nocedal and Wright,
 * algorithm 3.1).
 *
 * <p>The search starts from a length that {@code reset} chooses, at most the learning rate, and shortens the step by a
 * factor until it is acceptable. A loss that is not finite is never acceptable. Cost: one forward pass for each trial.
 *
 * @param sufficientDecrease c, in [0, 1)
 * @param shrink factor between trials, in (0, 1)
 * @param maxShrinks how often a step may be shortened
 * @param reset where a search starts
 * @param growth factor by which {@code reset} may lengthen the step from search to search, at least 1
 */
public record Backtracking(
        @JsonProperty("sufficientDecrease") double sufficientDecrease,
        @JsonProperty("shrink") double shrink,
        @JsonProperty("maxShrinks") int maxShrinks,
        @JsonProperty("reset") StepReset reset,
        @JsonProperty("growth") double growth)
        implements LineSearch {

    /** Checks the settings. */
    @JsonCreator
    public Backtracking {
        Require.fraction("sufficientDecrease", sufficientDecrease);
        Require.between("shrink", shrink, 0, 1);
        Require.atLeast("maxShrinks", maxShrinks, 0);
        Objects.requireNonNull(reset, "reset must not be null");
        if (!(growth >= 1 && Double.isFinite(growth))) {
            throw new IllegalArgumentException("growth is " + growth + ", but must be a finite number ≥ 1");
        }
    }

    @Override
    public List<String> slots() {
        return List.of("first trial");
    }

    @Override
    public Decision search(Ray ray, double learningRate, List<Double> remembered) {
        double first = remembered.get(0);
        double step = first > 0 ? Math.min(learningRate, first) : learningRate;
        for (int shrinks = 0; ; shrinks++) {
            double trial = ray.value(step);
            double allowed = ray.loss() + sufficientDecrease * step * ray.slope() + ray.rounding();
            if (Double.isFinite(trial) && trial <= allowed) {
                double longest = ray.loss() + (1 - sufficientDecrease) * step * ray.slope();
                return Decision.of(step, reset.next(step, growth, trial < longest));
            }
            if (shrinks >= maxShrinks) {
                return Decision.none();
            }
            step *= shrink;
        }
    }
}
