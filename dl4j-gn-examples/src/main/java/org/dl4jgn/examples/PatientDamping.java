package org.dl4jgn.examples;

import org.dl4jgn.conf.Damping;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A damping rule of one's own: halved after a number of good steps in a row, doubled at once after a bad one.
 *
 * <p>A rule is immutable and is written into the network's JSON, hence the annotations of a record. What it remembers from
 * step to step are the two numbers of a {@link Damping.State}, which are saved with the network; here the damping itself
 * and the count of good steps.
 *
 * @param start damping of the first step, greater than 0
 * @param patience good steps to wait for, at least 1
 */
public record PatientDamping(
        @JsonProperty("start") double start,
        @JsonProperty("patience") int patience) implements Damping {

    /** Checks the settings. */
    public PatientDamping {
        if (!(start > 0) || patience < 1) {
            throw new IllegalArgumentException("start is " + start + ", but must be greater than 0; patience is "
                    + patience + ", but must be at least 1");
        }
    }

    @Override
    public State initial() {
        return new State(start, 0);
    }

    @Override
    public double value(State state, long step) {
        return state.value();
    }

    @Override
    public State accepted(State state, double ratio) {
        if (ratio < 0.25) {
            return rejected(state);
        }
        double good = state.first() + 1;
        return good < patience ? new State(state.value(), good) : new State(state.value() / 2, 0);
    }

    @Override
    public State rejected(State state) {
        return new State(state.value() * 2, 0);
    }

    @Override
    public State invalid(State state) {
        return new State(state.value() * 10, 0);
    }
}
