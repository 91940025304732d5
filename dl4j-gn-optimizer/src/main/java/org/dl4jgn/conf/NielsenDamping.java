package org.dl4jgn.conf;

import java.util.List;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Nielsen's damping for Levenberg-Marquardt: smooth in the ratio, growing ever faster while steps are rejected.
 *
 * @param start ρ before the first step
 * @param floor smallest ρ
 * @param ceiling largest ρ
 */
public record NielsenDamping(
        @JsonProperty("start") double start,
        @JsonProperty("floor") double floor,
        @JsonProperty("ceiling") double ceiling)
        implements Damping {

    /** Checks the settings. */
    @JsonCreator
    public NielsenDamping {
        Require.positive("damping", start);
        Require.nonNegative("floor of damping", floor);
        Require.positive("ceiling of damping", ceiling);
        Require.dampingWithin(start, floor, ceiling);
    }

    @Override
    public List<String> slots() {
        return List.of("damping", "growth");
    }

    @Override
    public State initial() {
        return new State(start, 2.0);
    }

    @Override
    public double value(State state, long step) {
        return state.value();
    }

    @Override
    public State accepted(State state, double ratio) {
        double bounded = Math.max(-1.0, Math.min(2.0, ratio));
        double factor = Math.max(1.0 / 3.0, 1 - Math.pow(2 * bounded - 1, 3));
        return new State(clamp(state.value() * factor), 2.0);
    }

    @Override
    public State rejected(State state) {
        return new State(clamp(state.value() * state.first()), Math.min(1e6, 2 * state.first()));
    }

    @Override
    public State invalid(State state) {
        return rejected(rejected(state));
    }

    private double clamp(double value) {
        return Math.min(ceiling, Math.max(floor, value));
    }
}
