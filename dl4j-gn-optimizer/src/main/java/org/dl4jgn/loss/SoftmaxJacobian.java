package org.dl4jgn.loss;

import org.dl4jgn.plan.Program;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Products with the Jacobian of a row-wise softmax, diag(p) − ppᵀ, for all rows at once.
 *
 * <p>Row sums are taken as a product with a c × c matrix of ones, which delivers each sum already repeated along its
 * row: one call in place of a reduction and a broadcast.
 */
final class SoftmaxJacobian {

    private final INDArray p;
    private final INDArray ones;
    private final INDArray weighted;
    private final INDArray sums;

    SoftmaxJacobian(INDArray p) {
        this.p = p;
        ones = onesMatrix(p);
        weighted = p.ulike();
        sums = p.ulike();
    }

    /** c × c ones. */
    static INDArray onesMatrix(INDArray like) {
        return org.nd4j.linalg.factory.Nd4j.createUninitializedDetached(like.dataType(), like.size(1), like.size(1))
                .assign(1.0);
    }

    /** Appends {@code out = (q ∘ in) − p ∘ rowsum(q ∘ in)}; with q = s·p, a row-scaled softmax Jacobian. */
    void append(Program program, INDArray q, INDArray in, INDArray out) {
        program.multiply(in, q, weighted)
                .matmul(weighted, false, ones, false, sums)
                .multiply(sums, p, sums)
                .subtract(weighted, sums, out);
    }

    /** Appends {@code out = p ∘ in − p ∘ rowsum(p ∘ in)}. */
    void append(Program program, INDArray in, INDArray out) {
        append(program, p, in, out);
    }
}
