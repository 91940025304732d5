package org.dl4jgn.conf;

import java.util.Objects;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Damping in proportion to the mini-batch's loss before the step, as in Levenberg-Marquardt methods whose damping follows
 * the residual (Yamashita and Fukushima 2001; Fan and Yuan 2005): much far from a solution, where the mini-batch's own
 * minimum is worth little, and none to speak of where the loss vanishes. H has the scale of the loss's curvature with
 * respect to the network's outputs, 2 for MSE on one output but 1/c for a softmax, which is why the damping takes it in: one
 * factor serves regression and classification.
 *
 * <p>What counts of the loss is its excess over the least value that it can have: Poisson's loss, for one, is negative at
 * times, and a damping in proportion to it would vanish there. Where that value is not known, the damping is that of an
 * excess of 1.
 *
 * @param factor the rule for the factor; its events are this rule's events
 */
public record LossDamping(@JsonProperty("factor") Damping factor) implements FactorDamping {

    private static final double SMALLEST_LOSS = 1e-12;

    /** Checks the settings. */
    @JsonCreator
    public LossDamping {
        Objects.requireNonNull(factor, "factor of damping must not be null");
    }

    @Override
    public double value(State state, long step, double excess, double curvature) {
        double known = excess == Double.POSITIVE_INFINITY ? 1 : excess;
        return factor.value(state, step) * curvature * Math.max(SMALLEST_LOSS, known);
    }
}
