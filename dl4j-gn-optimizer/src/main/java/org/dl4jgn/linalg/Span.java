package org.dl4jgn.linalg;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A part of the parameter vector.
 *
 * @param from its first element
 * @param length number of its elements
 */
public record Span(long from, long length) {

    /** This part of a vector of length d, without a copy. */
    public INDArray of(INDArray vector) {
        return vector.get(NDArrayIndex.interval(from, from + length));
    }
}
