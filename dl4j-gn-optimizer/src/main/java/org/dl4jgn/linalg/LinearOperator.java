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

    /**
     * A·v where it is computed, without a copy to whoever asks.
     *
     * @param v [d]; not changed, and not an array that this returned
     * @param room [d], the caller's; may be overwritten
     * @return an array of the operator's own or {@code room}: the caller's to overwrite, until the next product
     */
    default INDArray product(INDArray v, INDArray room) {
        apply(v, room);
        return room;
    }
}
