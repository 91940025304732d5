package org.dl4jgn.ops;

import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/** For each of b class indices a row of zeros with a one at the index. It has no derivative. */
public final class OneHotRows extends GraphOp {

    public static final String NAME = "gn_one_hot_rows";

    private OneHotRows(SameDiff graph, SDVariable indices, long[] shape) {
        super(graph, new SDVariable[] {indices}, shape);
    }

    /** Adds the rows, [b, classes], to the graph. */
    public static SDVariable of(SameDiff graph, SDVariable indices, long batch, long classes) {
        return new OneHotRows(graph, indices, new long[] {batch, classes}).outputVariable();
    }

    /** What is thrown where a row is run with {@code index}, which is no index of one of {@code classes} elements. */
    public static IllegalArgumentException refusal(double index, long classes) {
        return new IllegalArgumentException(
                "Features of an embedding must hold class indices from 0 to " + (classes - 1) + ", got " + index);
    }

    @Override
    public SDVariable tangent(SameDiff graph, SDVariable x) {
        throw new UnsupportedOperationException("Class indices have no derivative");
    }

    @Override
    public List<SDVariable> doDiff(List<SDVariable> cotangents) {
        throw new UnsupportedOperationException("Class indices have no derivative");
    }

    @Override
    public String opName() {
        return NAME;
    }
}
