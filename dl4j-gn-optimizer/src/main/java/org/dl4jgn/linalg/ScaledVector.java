package org.dl4jgn.linalg;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A vector p = c·v, as conjugate gradients have them for p ← βp + ay: with the number c apart that is one pass over v, v ← v +
 * (a/(βc))y, where scaling p and adding y are two.
 */
final class ScaledVector {

    /** v is scaled before c is so far from 1 that v could overflow in float32, or lose elements of p below its smallest number. */
    private static final double LARGEST = 1e3;

    private final INDArray vector;
    private double factor = 1;

    /** @param vector v, overwritten */
    ScaledVector(INDArray vector) {
        this.vector = vector;
    }

    /** v. */
    INDArray vector() {
        return vector;
    }

    /** c. */
    double factor() {
        return factor;
    }

    /** {@code p ← −y}. */
    void start(INDArray y) {
        Vectors.copy(y, vector);
        factor = -1;
    }

    /** {@code p ← βp + ay}. */
    void follow(double beta, double a, INDArray y) {
        double next = beta * factor;
        if (Math.abs(next) > LARGEST || !(Math.abs(next) * LARGEST > 1)) {
            Vectors.scale(next, vector);
            Vectors.axpy(a, y, vector);
            factor = 1;
        } else {
            Vectors.axpy(a / next, y, vector);
            factor = next;
        }
    }
}
