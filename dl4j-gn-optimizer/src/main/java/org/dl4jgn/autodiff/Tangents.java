package org.dl4jgn.autodiff;

import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;

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

    /** The tangent of an operation's only input that has one. */
    static SDVariable present(@Nullable SDVariable tangent) {
        if (tangent == null) {
            throw new IllegalArgumentException("A tangent rule was called without any tangent");
        }
        return tangent;
    }
}
