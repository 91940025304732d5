package org.dl4jgn.problem;

import org.dl4jgn.linalg.Gram;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The n rows of R with H = (1/N)RᵀR + D at a point, and their Gram matrices. Where D is constant, H maps what the rows span into
 * itself, so that iterations that begin there need vectors of n numbers only; where it is constant on each of several parts of the
 * parameters, H does so with what the rows' shares in the parts span.
 *
 * <p>E_p below are the parts' projections: E_p v is v with zeros outside of part p.
 */
public interface RowGram {

    /** n. */
    int size();

    /** N. */
    double normalizer();

    /** D on each part. */
    double[] penalties();

    /** RE_pRᵀ, as long as the point is. */
    Gram gram(int part);

    /** w with g = (1/N)Rᵀw + Dθ, to full precision; null where it is not known. */
    double @Nullable [] preimage();

    /** {@code v ← v + Dθ}. */
    void addPenaltyGradient(INDArray v);

    /** {@code v ← v + Dx}. */
    void addPenaltyProduct(INDArray x, INDArray v);

    /** {@code v ← E_p v}. */
    void restrict(int part, INDArray v);

    /** Rv. Cost: half a product with H. */
    double[] apply(INDArray v);

    /** {@code v ← Rᵀy}. Cost: half a product with H. */
    void transposed(double[] y, INDArray v);
}
