package org.dl4jgn.ops;

import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/** y = x[i] for each example, with indices i within the example that are data. */
public final class Take extends GraphOp {

    public static final String NAME = "gn_take";

    private final long examples;
    private final long[] inputShape;

    private Take(SameDiff graph, SDVariable x, SDVariable indices, long examples, long[] inputShape, long[] shape) {
        super(graph, new SDVariable[] {x, indices}, shape);
        this.examples = examples;
        this.inputShape = inputShape;
    }

    /** Adds {@code x[indices]} to the graph, with the shape {@code shape}, where x has the shape {@code inputShape}. */
    public static SDVariable of(
            SameDiff graph, SDVariable x, SDVariable indices, long examples, long[] inputShape, long... shape) {
        return new Take(graph, x, indices, examples, inputShape, shape).outputVariable();
    }

    /** b. */
    public long examples() {
        return examples;
    }

    @Override
    public SDVariable tangent(SameDiff graph, SDVariable x) {
        return of(graph, x, arg(1), examples, inputShape, shape());
    }

    @Override
    public List<SDVariable> doDiff(List<SDVariable> cotangents) {
        return List.of(Put.of(sameDiff, cotangents.get(0), arg(1), examples, shape(), inputShape));
    }

    @Override
    public String opName() {
        return NAME;
    }
}
