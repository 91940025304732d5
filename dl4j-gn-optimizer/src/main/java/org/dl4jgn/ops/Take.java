package org.dl4jgn.ops;

import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * y = x[i] for each example, with indices i within the example that are data: one for each of some windows, within that
 * window.
 */
public final class Take extends GraphOp {

    public static final String NAME = "gn_take";

    private final IndexMap windows;
    private final long[] inputShape;

    private Take(SameDiff graph, SDVariable x, SDVariable indices, IndexMap windows, long[] inputShape, long[] shape) {
        super(graph, new SDVariable[] {x, indices}, shape);
        this.windows = windows;
        this.inputShape = inputShape;
    }

    /**
     * Adds {@code x[indices]} to the graph, with the shape {@code shape}, where x has the shape {@code inputShape}.
     *
     * @param windows the elements of x that each index can be, window after window; see {@link WindowMaximum}
     */
    public static SDVariable of(
            SameDiff graph, SDVariable x, SDVariable indices, IndexMap windows, long[] inputShape, long... shape) {
        return new Take(graph, x, indices, windows, inputShape, shape).outputVariable();
    }

    /** The elements of x that each index can be, window after window. */
    public IndexMap windows() {
        return windows;
    }

    @Override
    public SDVariable tangent(SameDiff graph, SDVariable x) {
        return of(graph, x, arg(1), windows, inputShape, shape());
    }

    @Override
    public List<SDVariable> doDiff(List<SDVariable> cotangents) {
        return List.of(Put.of(sameDiff, cotangents.get(0), arg(1), windows, shape(), inputShape));
    }

    @Override
    public String opName() {
        return NAME;
    }
}
