package org.dl4jgn.ops;

import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/** The transpose of {@link Take}: x is zero but for x[i], the sum of the elements of y with the index i. */
public final class Put extends GraphOp {

    public static final String NAME = "gn_put";

    private final long examples;
    private final long[] inputShape;

    private Put(SameDiff graph, SDVariable y, SDVariable indices, long examples, long[] inputShape, long[] shape) {
        super(graph, new SDVariable[] {y, indices}, shape);
        this.examples = examples;
        this.inputShape = inputShape;
    }

    /** Adds the array to the graph, with the shape {@code shape}, where y has the shape {@code inputShape}. */
    public static SDVariable of(
            SameDiff graph, SDVariable y, SDVariable indices, long examples, long[] inputShape, long... shape) {
        return new Put(graph, y, indices, examples, inputShape, shape).outputVariable();
    }

    /** b. */
    public long examples() {
        return examples;
    }

    @Override
    public SDVariable tangent(SameDiff graph, SDVariable y) {
        return of(graph, y, arg(1), examples, inputShape, shape());
    }

    @Override
    public List<SDVariable> doDiff(List<SDVariable> cotangents) {
        return List.of(Take.of(sameDiff, cotangents.get(0), arg(1), examples, shape(), inputShape));
    }

    @Override
    public String opName() {
        return NAME;
    }
}
