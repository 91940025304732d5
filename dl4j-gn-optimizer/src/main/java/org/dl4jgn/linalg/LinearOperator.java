package org.dl4jgn.linalg;

import org.nd4j.linalg.api.ndarray.INDArray;

/** A symmetric matrix known by its products. */
@FunctionalInterface
public interface LinearOperator {

    /**
     * {@code product ← A·v}.
     *
     * @param v [d]; not changed
     * @param product [d], the caller's; overwritten, not v
     */
    void apply(INDArray v, INDArray product);
}
