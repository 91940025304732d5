package org.dl4jgn.conf;

import java.util.List;
import org.nd4j.shade.jackson.annotation.JsonCreator;

/** No search: one step of the learning rate's length, acceptable wherever the loss is finite. */
public record FullStep() implements LineSearch {

    /** There is nothing to set. */
    @JsonCreator
    public FullStep {}

    @Override
    public Decision search(Ray ray, double learningRate, List<Double> remembered) {
        return Double.isFinite(ray.value(learningRate)) ? Decision.of(learningRate) : Decision.none();
    }

    @Override
    public boolean requiresDecrease() {
        return false;
    }
}
