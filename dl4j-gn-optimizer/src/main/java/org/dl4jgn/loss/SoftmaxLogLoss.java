package org.dl4jgn.loss;

import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.plan.Program;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Log;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * A loss −Σₖ ωₖyₖ log pₖ of the softmax p, up to what does not depend on z: r = s·p − ω∘y with s = Σₖ ωₖyₖ.
 *
 * <p>With −log p = log Σe − (z − max z) no term of the sum is negative. r is written as (s − ωₖyₖ)pₖ − ωₖyₖ(1 − pₖ), so that
 * nothing cancels where an output is certain. It is the gradient of the loss whatever the labels' sum; for unweighted
 * labels that do not sum to one, DL4J's own gradient is p − y, which is not the derivative of its score.
 */
abstract class SoftmaxLogLoss extends OutputLoss {

    /** p, at the point of linearization. */
    final INDArray p;

    /** ω∘y. */
    final INDArray labels;

    /** s, [b]. */
    final INDArray labelSums;

    final SoftmaxJacobian jacobian;

    private final ILossFunction loss;
    private final SoftmaxRows rows;
    private final double unclipped;
    private final INDArray logSum;
    private final INDArray logarithm;
    private final Program prepareLabels;
    private final Program evaluate;
    private final Program linearize;
    private final Program clipped;
    private final Program shares;
    private final LogOfLabels logOfShares;

    /** @param clip DL4J's bound of reported probabilities and of their complement, 0 for none */
    SoftmaxLogLoss(LossInputs inputs, double clip) {
        this(inputs, clip, 1 - clip);
    }

    /**
     * A loss.
     *
     * @param clip DL4J's bound of reported probabilities from below, 0 for none
     * @param top the bound from above
     */
    SoftmaxLogLoss(LossInputs inputs, double clip, double top) {
        super(inputs.z());
        loss = inputs.head().loss();
        INDArray omega = inputs.omega();
        labels = omega == null ? y : memory.array();
        labelSums = memory.column();
        INDArray others = memory.array();
        prepareLabels = memory.program();
        if (omega != null) {
            prepareLabels.multiply(y, omega, labels);
        }
        prepareLabels.sum(labels, 1, labelSums).subtract(SoftmaxRows.spread(labelSums), labels, others);

        rows = SoftmaxRows.of(memory, z);
        logSum = memory.column();
        evaluate = memory.program();
        rows.append(evaluate);
        new Log1p(memory, memory.column()).append(evaluate, rows.rest, logSum);

        p = memory.array();
        jacobian = new SoftmaxJacobian(memory, p);
        INDArray complement = memory.array();
        linearize = memory.program();
        rows.appendProbabilities(linearize, p);
        rows.appendComplement(linearize, complement, residual);
        linearize
                .multiply(p, others, residual)
                .multiply(complement, labels, complement)
                .subtract(residual, complement, residual);
        jacobian.appendPreparation(linearize);

        logarithm = memory.array();
        clipped = memory.program();
        rows.appendProbabilities(clipped, logarithm);
        // p ≥ exp(distance)/c
        unclipped = clip > 0 ? -Math.log(clip) - Math.log(z.size(1)) : Double.POSITIVE_INFINITY;
        if (clip > 0) {
            clipped.apply("clipbyvalue", logarithm, logarithm, clip, top);
        }
        clipped.legacy(new Log(logarithm, logarithm));

        INDArray share = memory.array();
        INDArray positiveSums = memory.column();
        INDArray column = SoftmaxRows.spread(positiveSums);
        shares = memory.program()
                .maximum(SoftmaxRows.spread(labelSums), memory.scalar(Float.MIN_NORMAL), column)
                .divide(labels, column, share);
        logOfShares = new LogOfLabels(memory, share);
    }

    @Override
    protected void prepareLabels() {
        prepareLabels.run();
        LabelDomain.requireNotNegative(isEachLabelBound() ? labels : labelSums, loss);
    }

    /** Whether no label may be negative, rather than no sum of an example's. */
    protected boolean isEachLabelBound() {
        return true;
    }

    @Override
    protected double evaluate() {
        evaluate.run();
        return Vectors.dot(labelSums, logSum) - Vectors.dot(labels, rows.distance);
    }

    /** A walk over z tells whether any p is under ε, or then over 1 − ε; as a rule none is. */
    @Override
    protected double reported(double sum) {
        if (Vectors.normInf(rows.distance) <= unclipped) {
            return sum;
        }
        return -Vectors.dot(labels, logOfClipped());
    }

    /** The logarithm of the clipped p, at the z of the last {@link #sum}. */
    final INDArray logOfClipped() {
        clipped.run();
        return logarithm;
    }

    /** Whether each example has at most one label that is not 0, and that is 1: none is above its sum then, nor its square. */
    private boolean areCertain() {
        return isEachLabelBound()
                && Vectors.normInf(labelSums) <= 1
                && Vectors.dot(labels, labels) == Vectors.norm1(labelSums);
    }

    /** −Σ ωy log(ωy/s): where p is what the labels say. */
    @Override
    protected double least() {
        if (areCertain()) {
            return 0;
        }
        shares.run();
        return -logOfShares.weightedSum(labels);
    }

    /**
     * Writes r, p and what products with the softmax's Jacobian need.
     *
     * @return the largest R of an example
     */
    final double differentiate() {
        linearize.run();
        return Vectors.normInf(rows.rest);
    }

    @Override
    public final INDArray rootShift() {
        return p;
    }
}
