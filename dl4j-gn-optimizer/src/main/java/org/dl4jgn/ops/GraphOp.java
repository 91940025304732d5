package org.dl4jgn.ops;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ops.DynamicCustomOp;

/** An operation that exists in graphs only, on examples that lie one behind the other in memory. */
public abstract class GraphOp extends DynamicCustomOp {

    private final long[] shape;

    GraphOp(SameDiff graph, SDVariable[] in, long... shape) {
        super(graph, in);
        this.shape = shape.clone();
    }

    /** The shape of every output. */
    public long[] shape() {
        return shape.clone();
    }

    /** ẏ of the first output y, given ẋ of the first input x; the other inputs have none. */
    public abstract SDVariable tangent(SameDiff graph, SDVariable x);

    /**
     * ẏ of the first output y, given the tangents of all inputs, null for zero; not all are null. Unless an operation says
     * otherwise, only its first input has one.
     */
    public SDVariable tangent(SameDiff graph, List<@Nullable SDVariable> tangents) {
        SDVariable first = tangents.get(0);
        if (first == null) {
            throw new IllegalArgumentException("The operation '" + opName() + "' was asked for a tangent of zero");
        }
        return tangent(graph, first);
    }

    /** The operation's name: a constant, asked for before the object is complete. */
    @Override
    public abstract String opName();

    @Override
    public int getNumOutputs() {
        return 1;
    }

    @Override
    public List<DataType> calculateOutputDataTypes(List<DataType> in) {
        return List.of(in.get(0));
    }
}
