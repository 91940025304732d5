package org.dl4jgn.loss;

import org.dl4jgn.plan.Program;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.scalar.Step;

/**
 * Products with the Jacobian of a row-wise softmax, diag(p) − ppᵀ, for all rows at once, as p∘(x − pᵀx).
 *
 * <p>A constant on x changes nothing, and where an output is certain the x of that output is subtracted first: then p ≈ 1
 * meets a zero, and the small rest keeps its digits.
 */
final class SoftmaxJacobian {

    private final INDArray p;
    private final INDArray certain;
    private final INDArray centered;
    private final INDArray weighted;
    private final INDArray sums;
    private final INDArray ones;

    /** @param p the softmax, [b, c] */
    SoftmaxJacobian(LossMemory memory, INDArray p) {
        this.p = p;
        certain = memory.array();
        centered = memory.array();
        weighted = memory.array();
        sums = memory.column();
        ones = memory.ones();
    }

    /** Appends what products need of p; to be run when p has changed. */
    void appendPreparation(Program program) {
        program.legacy(new Step(p, certain, 0.5));
    }

    /** Appends {@code out = q∘(x − pᵀx)}; with q = s·p for rows s, this is the Jacobian with its rows scaled. */
    void append(Program program, INDArray q, INDArray x, INDArray out) {
        appendCentered(program, x);
        program.multiply(centered, q, out);
    }

    /** Appends {@code out = p∘(x − pᵀx)}. */
    void append(Program program, INDArray x, INDArray out) {
        append(program, p, x, out);
    }

    /** Appends {@code out = (I − p1ᵀ) diag(w) (I − 1pᵀ) x}. */
    void appendBetween(Program program, INDArray w, INDArray x, INDArray out) {
        appendCentered(program, x);
        program.multiply(centered, w, centered)
                .sum(centered, 1, sums)
                .multiply(p, SoftmaxRows.spread(sums), weighted)
                .subtract(centered, weighted, out);
    }

    /**
     * Appends {@code out = q∘(x − pᵀx)} without that care: four calls in place of seven, exact to the unit roundoff of one.
     *
     * <p>Row sums are a product with ones, which delivers each already repeated along its row: one call in place of a reduction
     * and a broadcast, each of which takes longer.
     */
    void appendPlain(Program program, INDArray q, INDArray x, INDArray out) {
        program.multiply(x, p, weighted)
                .matmul(weighted, false, ones, false, centered)
                .subtract(x, centered, weighted)
                .multiply(weighted, q, out);
    }

    private void appendCentered(Program program, INDArray x) {
        INDArray column = SoftmaxRows.spread(sums);
        program.multiply(x, certain, weighted)
                .sum(weighted, 1, sums)
                .subtract(x, column, centered)
                .multiply(centered, p, weighted)
                .sum(weighted, 1, sums)
                .subtract(centered, column, centered);
    }
}
