package org.dl4jgn.conf;

import java.util.List;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Damping that follows what steps do for data they have not seen: the ratio of actual reduction on the next mini-batch to
 * the reduction predicted on the step's own. On its own mini-batch an exact step always does well, the better the less
 * damping there is, and fits its noise; on the next one only what is true of both remains. Where mini-batches agree
 * with each other the damping falls, as a trust region's would; where their noise dominates it rises.
 *
 * @param start the damping before the first step
 * @param floor smallest damping
 * @param ceiling what the ratio may raise it to; only rejected steps raise it further, until steps are accepted again
 * @param low a ratio under this raises
 * @param high a ratio over this lowers
 * @param raise factor to raise by, > 1
 * @param lower factor to lower by, in (0, 1)
 * @param memory in [0, 1): the ratio is one of sums over the steps, in which each step counts by this factor less than the
 *     one after it
 */
public record ValidatedDamping(
        @JsonProperty("start") double start,
        @JsonProperty("floor") double floor,
        @JsonProperty("ceiling") double ceiling,
        @JsonProperty("low") double low,
        @JsonProperty("high") double high,
        @JsonProperty("raise") double raise,
        @JsonProperty("lower") double lower,
        @JsonProperty("memory") double memory)
        implements Damping {

    private static final double REJECTION = 2;
    private static final double INVALID = 16;
    private static final double LARGEST = 1e12;

    /** Checks the settings. */
    @JsonCreator
    public ValidatedDamping {
        Require.positive("damping", start);
        Require.nonNegative("floor of damping", floor);
        Require.positive("ceiling of damping", ceiling);
        Require.above("raise of damping", raise, 1);
        Require.between("lower of damping", lower, 0, 1);
        Require.fraction("memory of damping", memory);
        Require.dampingWithin(start, floor, ceiling);
        Require.ratios(low, high);
    }

    @Override
    public List<String> slots() {
        return List.of("damping", "actual reduction", "predicted reduction");
    }

    @Override
    public State initial() {
        return new State(start);
    }

    @Override
    public double value(State state, long step) {
        return state.value();
    }

    @Override
    public boolean isValidated() {
        return true;
    }

    @Override
    public State validated(State state, double actual, double predicted) {
        double actualSum = memory * state.first() + actual;
        double predictedSum = memory * state.second() + predicted;
        double ratio = actualSum / predictedSum;
        double value = state.value();
        if (ratio < low) {
            value = Math.max(value, Math.min(ceiling, value * raise));
        } else if (ratio > high) {
            value = Math.max(floor, value * lower);
        }
        return new State(value, actualSum, predictedSum);
    }

    @Override
    public State accepted(State state, double ratio) {
        boolean isAbove = state.value() > ceiling;
        return isAbove ? with(state, Math.max(ceiling, state.value() / REJECTION)) : state;
    }

    @Override
    public State rejected(State state) {
        return with(state, state.value() * REJECTION);
    }

    @Override
    public State invalid(State state) {
        return with(state, state.value() * INVALID);
    }

    private static State with(State state, double value) {
        return new State(Math.min(LARGEST, value), state.first(), state.second());
    }
}
