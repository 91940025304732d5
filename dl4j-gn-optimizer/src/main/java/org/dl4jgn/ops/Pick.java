package org.dl4jgn.ops;

import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/** y = Sx for each example: every element of y is an element of x, or zero. */
public final class Pick extends GraphOp {

    public static final String NAME = "gn_pick";

    private final IndexMap map;
    private final long[] inputShape;

    private Pick(SameDiff graph, SDVariable x, IndexMap map, long[] inputShape, long[] shape) {
        super(graph, new SDVariable[] {x}, shape);
        this.map = map;
        this.inputShape = inputShape;
    }

    /** Adds {@code Sx} to the graph, with the shape {@code shape}, where x has the shape {@code inputShape}. */
    public static SDVariable of(SameDiff graph, SDVariable x, IndexMap map, long[] inputShape, long... shape) {
        return new Pick(graph, x, map, inputShape, shape).outputVariable();
    }

    /** S. */
    public IndexMap map() {
        return map;
    }

    @Override
    public SDVariable tangent(SameDiff graph, SDVariable x) {
        return of(graph, x, map, inputShape, shape());
    }

    @Override
    public List<SDVariable> doDiff(List<SDVariable> cotangents) {
        return List.of(Scatter.of(sameDiff, cotangents.get(0), map, shape(), inputShape));
    }

    @Override
    public String opName() {
        return NAME;
    }
}
