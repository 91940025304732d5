package org.dl4jgn.conf;

import java.util.List;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Damping that follows the ratio of actual to predicted reduction.
 *
 * @param start ρ before the first step
 * @param floor smallest ρ
 * @param ceiling largest ρ
 * @param low a ratio under this raises ρ
 * @param high a ratio over this lowers ρ
 * @param raise factor to raise by, > 1
 * @param lower factor to lower by, in (0, 1)
 * @param rejection factor to raise by after a rejected step, > 1; after the second in a row and further ones by at least 2, so
 *     that a damping that is orders of magnitude too small gets there before training gives up
 */
public record RatioDamping(
        @JsonProperty("start") double start,
        @JsonProperty("floor") double floor,
        @JsonProperty("ceiling") double ceiling,
        @JsonProperty("low") double low,
        @JsonProperty("high") double high,
        @JsonProperty("raise") double raise,
        @JsonProperty("lower") double lower,
        @JsonProperty("rejection") double rejection)
        implements Damping {

    /** An invalid step raises like this many rejected ones. */
    private static final int INVALID_COUNTS_AS = 4;

    private static final double AGAIN = 2;

    /** Checks the settings. */
    @JsonCreator
    public RatioDamping {
        Require.positive("damping", start);
        Require.nonNegative("floor of damping", floor);
        Require.positive("ceiling of damping", ceiling);
        Require.above("raise of damping", raise, 1);
        Require.between("lower of damping", lower, 0, 1);
        Require.above("raise of damping after a rejected step", rejection, 1);
        Require.dampingWithin(start, floor, ceiling);
        Require.ratios(low, high);
    }

    @Override
    public List<String> slots() {
        return List.of("damping", "rejected before");
    }

    @Override
    public State initial() {
        return new State(start, 0.0);
    }

    @Override
    public double value(State state, long step) {
        return state.value();
    }

    @Override
    public State accepted(State state, double ratio) {
        if (ratio < low) {
            return scaled(state, raise, 0);
        }
        return scaled(state, ratio > high ? lower : 1, 0);
    }

    @Override
    public State rejected(State state) {
        boolean isAgain = state.first() > 0;
        return scaled(state, isAgain ? Math.max(rejection, AGAIN) : rejection, 1);
    }

    @Override
    public State invalid(State state) {
        return scaled(state, Math.pow(rejection, INVALID_COUNTS_AS), state.first());
    }

    private State scaled(State state, double factor, double rejected) {
        return new State(Math.min(ceiling, Math.max(floor, state.value() * factor)), rejected);
    }
}
