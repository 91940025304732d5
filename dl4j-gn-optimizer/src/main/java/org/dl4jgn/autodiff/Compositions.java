package org.dl4jgn.autodiff;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.functions.DifferentialFunction;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ops.DynamicCustomOp;

/**
 * Tangent rules of operations that are several simple ones: the simple ones are written and differentiated. What of them no
 * tangent needs is never computed, and second derivatives come with the first.
 */
final class Compositions {

    private Compositions() {}

    /** Writes what an operation is made of. */
    @FunctionalInterface
    interface Composition {

        /** The outputs of {@code op}, as many as there are tangents of. */
        List<SDVariable> write(SameDiff graph, DynamicCustomOp op, List<SDVariable> in);
    }

    /** The rule of an operation that is {@code composition}. */
    static TangentRule rule(Composition composition) {
        return (graph, op, in, y, t) -> {
            List<SDVariable> outputs = composition.write(graph, (DynamicCustomOp) op, in);
            ForwardMode forward = new ForwardMode(graph);
            for (int i = 0; i < in.size(); i++) {
                @Nullable SDVariable tangent = t.get(i);
                if (tangent != null) {
                    forward.seed(in.get(i), tangent);
                }
            }
            int wanted = LinearTangents.index(op, y);
            if (wanted >= outputs.size()) {
                throw new UnsupportedOperationException("Output " + wanted + " of operation '" + op.opName() + "' ('"
                        + y.name() + "') has no tangent rule; its first " + outputs.size() + " have");
            }
            return forward.tangent(outputs.get(wanted)).orElseGet(() -> graph.zerosLike(y));
        };
    }

    /** A vector along the channels, repeated to the shape of x. */
    static SDVariable alongChannels(SameDiff graph, SDVariable x, SDVariable vector, boolean channelsFirst) {
        return graph.nn().biasAdd(graph.zerosLike(x), vector, channelsFirst);
    }

    /** The shape of a variable, which has to be known before the graph runs. */
    static long[] knownShape(DifferentialFunction op, SDVariable x) {
        long[] shape = x.getShape();
        if (shape == null) {
            throw new UnsupportedOperationException("The tangent rule of operation '" + op.opName()
                    + "' needs the shape of its input '" + x.name()
                    + "', which is computed in the graph; give it a variable or placeholder there");
        }
        return shape;
    }
}
