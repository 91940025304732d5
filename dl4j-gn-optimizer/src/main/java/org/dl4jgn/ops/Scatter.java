package org.dl4jgn.ops;

import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/** x = Sᵀy for each example: every element of x is the sum of the elements of y that {@link Pick} takes from there. */
public final class Scatter extends GraphOp {

    public static final String NAME = "gn_scatter";

    private final IndexMap map;
    private final long[] inputShape;

    private Scatter(SameDiff graph, SDVariable y, IndexMap map, long[] inputShape, long[] shape) {
        super(graph, new SDVariable[] {y}, shape);
        this.map = map;
        this.inputShape = inputShape;
    }

    /** Adds {@code Sᵀy} to the graph, with the shape {@code shape}, where y has the shape {@code inputShape}. */
    public static SDVariable of(SameDiff graph, SDVariable y, IndexMap map, long[] inputShape, long... shape) {
        return new Scatter(graph, y, map, inputShape, shape).outputVariable();
    }

    /** S. */
    public IndexMap map() {
        return map;
    }

    @Override
    public SDVariable tangent(SameDiff graph, SDVariable y) {
        return of(graph, y, map, inputShape, shape());
    }

    @Override
    public List<SDVariable> doDiff(List<SDVariable> cotangents) {
        return List.of(Pick.of(sameDiff, cotangents.get(0), map, shape(), inputShape));
    }

    @Override
    public String opName() {
        return NAME;
    }
}
