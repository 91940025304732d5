package org.dl4jgn.ops;

import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/** The transpose of {@link Take}: x is zero but for x[i], the sum of the elements of y with the index i. */
public final class Put extends GraphOp {

    public static final String NAME = "gn_put";

    private final IndexMap windows;
    private final long[] inputShape;

    private Put(SameDiff graph, SDVariable y, SDVariable indices, IndexMap windows, long[] inputShape, long[] shape) {
        super(graph, new SDVariable[] {y, indices}, shape);
        this.windows = windows;
        this.inputShape = inputShape;
    }

    /**
     * Adds the array to the graph, with the shape {@code shape}, where y has the shape {@code inputShape}.
     *
     * @param windows the elements of x that each index can be, window after window; see {@link WindowMaximum}
     */
    public static SDVariable of(
            SameDiff graph, SDVariable y, SDVariable indices, IndexMap windows, long[] inputShape, long... shape) {
        return new Put(graph, y, indices, windows, inputShape, shape).outputVariable();
    }

    /** The elements of x that each index can be, window after window. */
    public IndexMap windows() {
        return windows;
    }

    @Override
    public SDVariable tangent(SameDiff graph, SDVariable y) {
        return of(graph, y, arg(1), windows, inputShape, shape());
    }

    @Override
    public List<SDVariable> doDiff(List<SDVariable> cotangents) {
        return List.of(Take.of(sameDiff, cotangents.get(0), arg(1), windows, shape(), inputShape));
    }

    @Override
    public String opName() {
        return NAME;
    }
}
