package org.dl4jgn.ops;

import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ops.impl.transforms.pairwise.arithmetic.MulOp;

/**
 * The largest element of each of several windows of an example, and where it is.
 *
 * <p>Two outputs: the maxima y and, as int32, their indices within the example's input; of equal elements the first in
 * the window's order.
 */
public final class WindowMaximum extends GraphOp {

    public static final String NAME = "gn_window_maximum";

    private final IndexMap windows;
    private final long[] inputShape;

    private WindowMaximum(SameDiff graph, SDVariable x, IndexMap windows, long[] inputShape, long[] shape) {
        super(graph, new SDVariable[] {x}, shape);
        this.windows = windows;
        this.inputShape = inputShape;
    }

    /**
     * Adds the maxima to the graph.
     *
     * @param windows the elements of each window, window after window, of the same number each; {@link IndexMap#NONE}
     *     for none
     * @param shape the shape of the result: one element a window
     */
    public static SDVariable of(SameDiff graph, SDVariable x, IndexMap windows, long[] inputShape, long... shape) {
        return new WindowMaximum(graph, x, windows, inputShape, shape).outputVariables()[0];
    }

    /** The elements of each window, window after window. */
    public IndexMap windows() {
        return windows;
    }

    /**
     * The tangent at the places of the maxima. If it is a product, such as that with the derivative of an activation, the
     * factors are taken there before they are multiplied: the derivative is then taken once a step, and every product is
     * as small as the output.
     */
    @Override
    public SDVariable tangent(SameDiff graph, SDVariable x) {
        if (graph.getVariableOutputOp(x.name()) instanceof MulOp product) {
            return taken(graph, product.arg(0)).mul(taken(graph, product.arg(1)));
        }
        return taken(graph, x);
    }

    private SDVariable taken(SameDiff graph, SDVariable x) {
        return Take.of(graph, x, outputVariables()[1], windows, inputShape, shape());
    }

    @Override
    public int getNumOutputs() {
        return 2;
    }

    @Override
    public List<DataType> calculateOutputDataTypes(List<DataType> in) {
        return List.of(in.get(0), DataType.INT);
    }

    @Override
    public String opName() {
        return NAME;
    }
}
