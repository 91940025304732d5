package org.dl4jgn.linalg;

import org.nd4j.linalg.api.ndarray.INDArray;

/** A symmetric matrix known by its products, between two fixed vectors: nothing is copied on the way. */
public interface LinearOperator {

    /** The vector that {@link #apply()} reads. */
    INDArray input();

    /** The vector that {@link #apply()} overwrites with the product. */
    INDArray output();

    /** {@code output ← A · input}. */
    void apply();
}
