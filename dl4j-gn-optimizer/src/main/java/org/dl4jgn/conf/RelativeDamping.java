package org.dl4jgn.conf;

import java.util.Objects;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Damping in proportion to the mean curvature of the loss with respect to the network's outputs, 2/c for MSE and up to 1/c for
 * a softmax, which gives H its scale: one factor serves regression and classification. Where the training has a {@link Pace},
 * the pace divides it by max(1, s)².
 *
 * @param factor the rule for the factor; its events are this rule's events
 */
public record RelativeDamping(@JsonProperty("factor") Damping factor) implements FactorDamping {

    private static final long serialVersionUID = 1L;

    /** Where every output is certain and right, the curvature is gone, and the damping would be nothing. */
    private static final double SMALLEST_CURVATURE = 1e-12;

    /** Checks the settings. */
    @JsonCreator
    public RelativeDamping {
        Objects.requireNonNull(factor, "factor of damping must not be null");
    }

    @Override
    public double value(State state, long step, double excess, double curvature) {
        return factor.value(state, step) * Math.max(SMALLEST_CURVATURE, curvature);
    }

    @Override
    public boolean isPaced() {
        return true;
    }
}
