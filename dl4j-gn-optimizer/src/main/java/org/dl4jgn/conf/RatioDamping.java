package org.dl4jgn.conf;

import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Damping that creeps after the ratio of actual to predicted reduction, as in the EGN authors' code: a little lower after
 * a step that the model predicted well, a little higher after one that it did not. After a step that was rejected or not
 * valid it leaps, since the next one has to be better.
 *
 * @param initial0 λ before the first step
 * @param lower factor after a ratio over {@code high}, in (0, 1]
 * @param raise factor after a ratio under {@code low}, at least 1
 * @param low a ratio under this raises λ
 * @param high a ratio over this lowers λ
 * @param floor smallest λ
 * @param ceiling largest λ
 */
public record RatioDamping(
        @JsonProperty("initial0") double initial0,
        @JsonProperty("lower") double lower,
        @JsonProperty("raise") double raise,
        @JsonProperty("low") double low,
        @JsonProperty("high") double high,
        @JsonProperty("floor") double floor,
        @JsonProperty("ceiling") double ceiling)
        implements Damping {

    private static final double REJECTED = 2;
    private static final double INVALID = 10;

    /** Checks the settings. */
    @JsonCreator
    public RatioDamping {
        Require.positive("damping", initial0);
        Require.positive("damping floor", floor);
        Require.positive("damping ceiling", ceiling);
        Require.between("damping lower factor", lower, 0, Math.nextUp(1.0));
        Require.above("damping raise factor", raise, Math.nextDown(1.0));
        if (floor > initial0 || ceiling < initial0) {
            throw new IllegalArgumentException("damping is " + initial0 + ", but must be between its floor, " + floor
                    + ", and its ceiling, " + ceiling);
        }
        if (!(low < high)) {
            throw new IllegalArgumentException(
                    "low ratio is " + low + ", but must be less than the high ratio, " + high);
        }
    }

    @Override
    public State initial() {
        return new State(initial0, 0.0);
    }

    @Override
    public double value(State state, long step) {
        return state.value();
    }

    @Override
    public State accepted(State state, double ratio) {
        if (ratio < low) {
            return scaled(state, raise);
        }
        return ratio > high ? scaled(state, lower) : state;
    }

    @Override
    public State rejected(State state) {
        return scaled(state, REJECTED);
    }

    @Override
    public State invalid(State state) {
        return scaled(state, INVALID);
    }

    private State scaled(State state, double factor) {
        return new State(Math.min(ceiling, Math.max(floor, state.value() * factor)), 0.0);
    }
}
