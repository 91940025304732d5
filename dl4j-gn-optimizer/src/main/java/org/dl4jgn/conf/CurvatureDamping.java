package org.dl4jgn.conf;

import java.util.Objects;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Damping in proportion to the mean curvature of the loss with respect to the network's outputs, 2/c for MSE and up to 1/c for
 * a softmax, which gives H its scale: one factor serves regression and classification.
 *
 * @param factor the rule for the factor; its events are this rule's events
 */
public record CurvatureDamping(@JsonProperty("factor") Damping factor) implements Damping {

    /** Checks the settings. */
    public CurvatureDamping {
        Objects.requireNonNull(factor, "factor of damping must not be null");
    }

    @Override
    public State initial() {
        return factor.initial();
    }

    /** The damping for a curvature of one. */
    @Override
    public double value(State state, long step) {
        return factor.value(state, step);
    }

    @Override
    public double value(State state, long step, double loss, double curvature) {
        return factor.value(state, step) * curvature;
    }

    @Override
    public State accepted(State state, double ratio) {
        return factor.accepted(state, ratio);
    }

    @Override
    public boolean isValidated() {
        return factor.isValidated();
    }

    @Override
    public State validated(State state, double actual, double predicted) {
        return factor.validated(state, actual, predicted);
    }

    @Override
    public State rejected(State state) {
        return factor.rejected(state);
    }

    @Override
    public State invalid(State state) {
        return factor.invalid(state);
    }
}
