package org.dl4jgn.conf;

import java.util.List;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Damping by a schedule over the steps. After a rejected step it is doubled, after an invalid one multiplied by ten;
 * each accepted step takes back half of that.
 *
 * @param decay shape of the schedule
 * @param from damping of the first step
 * @param to damping at the end
 * @param steps length of the schedule
 */
public record ScheduledDamping(
        @JsonProperty("decay") Decay decay,
        @JsonProperty("from") double from,
        @JsonProperty("to") double to,
        @JsonProperty("steps") int steps)
        implements Damping {

    /** Shape of a schedule. */
    public enum Decay {
        /** No change. */
        CONSTANT,
        /** A straight line. */
        LINEAR,
        /** A quarter of a cosine. */
        COSINE
    }

    /** After a rejected step with ρ = 0, the damping that takes its place. */
    private static final double SMALLEST_RAISED = 1e-8;

    private static final double LARGEST_FACTOR = 1e12;

    /** Checks the settings. */
    @JsonCreator
    public ScheduledDamping {
        Require.nonNegative("damping", from);
        Require.nonNegative("final damping", to);
        Require.atLeast("steps of damping", steps, 1);
        if (to > from) {
            throw new IllegalArgumentException(
                    "final damping is " + to + ", but must be at most the first damping, " + from);
        }
    }

    @Override
    public List<String> slots() {
        return List.of("factor");
    }

    @Override
    public State initial() {
        return new State(1.0, 0.0);
    }

    @Override
    public double value(State state, long step) {
        double scheduled = scheduled(step);
        return state.value() > 1 ? Math.max(scheduled, SMALLEST_RAISED) * state.value() : scheduled;
    }

    /** The authors count steps from 1 in the cosine and start the line at step 1. */
    private double scheduled(long step) {
        double t = step + 1.0;
        return switch (decay) {
            case CONSTANT -> from;
            case LINEAR -> steps == 1 || t >= steps ? to : from + (to - from) / (steps - 1) * step;
            case COSINE -> t > steps ? to : Math.max(to, from * Math.cos(Math.PI / 2 * t / steps));
        };
    }

    @Override
    public State accepted(State state, double ratio) {
        double factor = state.value() / 2;
        return new State(Math.max(1.0, factor), 0.0);
    }

    @Override
    public State rejected(State state) {
        return raised(state, 2);
    }

    @Override
    public State invalid(State state) {
        return raised(state, 10);
    }

    private static State raised(State state, double factor) {
        return new State(Math.min(LARGEST_FACTOR, state.value() * factor), 0.0);
    }
}
