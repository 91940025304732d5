package org.dl4jgn.gram;

import java.util.function.LongToDoubleFunction;
import org.dl4jgn.linalg.Gram;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The n rows R of SᵀJ at the point of the last {@link #load}, where the network has to stand for products. */
interface PointRows extends Loadable {

    /** n. */
    int size();

    /** N. */
    double normalizer();

    /**
     * RE²Rᵀ.
     *
     * @param share the elements of the diagonal E² for a parameter's index; null for ones
     */
    Gram gram(@Nullable LongToDoubleFunction share);

    /** w with r = Sw, so that Jᵀr = Rᵀw; null where it is not known to full precision. */
    double @Nullable [] preimage();

    /** Rv. */
    double[] apply(INDArray v);

    /** {@code v ← Rᵀy}. */
    void transposed(double[] y, INDArray v);
}
