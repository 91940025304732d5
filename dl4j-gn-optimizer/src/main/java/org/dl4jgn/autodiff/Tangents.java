package org.dl4jgn.autodiff;

import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.functions.DifferentialFunction;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ops.ScalarOp;

/** Tangents of which some are zero, for which null stands. */
final class Tangents {

    private Tangents() {}

    /** a + b, of which one at least is there. */
    static SDVariable sum(@Nullable SDVariable a, @Nullable SDVariable b) {
        if (a == null) {
            return present(b);
        }
        return b == null ? a : a.add(b);
    }

    /**
     * a + b, of the shape of {@code like}, into which both can be broadcast: one of them alone is repeated along it.
     */
    static SDVariable sum(SameDiff graph, SDVariable like, @Nullable SDVariable a, @Nullable SDVariable b) {
        return a != null && b != null ? a.add(b) : broadcast(graph, like, sum(a, b));
    }

    /** A tangent repeated to the shape of {@code like}; a compiled plan does nothing where it has it already. */
    static SDVariable broadcast(SameDiff graph, SDVariable like, SDVariable tangent) {
        return graph.zerosLike(like).add(tangent);
    }

    /** The scalar of an operation such as {@code 1 − x}. */
    static double scalar(DifferentialFunction op) {
        return ((ScalarOp) op).scalar().getDouble(0);
    }

    /** The tangent of an operation's only input that has one. */
    static SDVariable present(@Nullable SDVariable tangent) {
        if (tangent == null) {
            throw new IllegalArgumentException("A tangent rule was called without any tangent");
        }
        return tangent;
    }
}
