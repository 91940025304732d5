package org.dl4jgn.problem;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The n rows of R with H = (1/N)RᵀR at a point, and their Gram matrix: H maps what they span into itself, so that iterations
 * that begin there need vectors of n numbers only.
 */
public interface RowGram {

    /** n. */
    int size();

    /** N. */
    double normalizer();

    /** RRᵀ, [n · n] row by row; the caller's own. */
    double[] gram();

    /** w with g = (1/N)Rᵀw, to full precision; null where it is not known. */
    double @Nullable [] preimage();

    /** Rv. Cost: half a product with H. */
    double[] apply(INDArray v);

    /** {@code v ← Rᵀy}. Cost: half a product with H. */
    void transposed(double[] y, INDArray v);
}
