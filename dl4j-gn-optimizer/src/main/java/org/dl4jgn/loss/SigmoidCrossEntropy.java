package org.dl4jgn.loss;

import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.plan.Program;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Binary cross-entropy on a sigmoid: ℓ = y·log(1 + e⁻ᶻ) + (1 − y)·log(1 + eᶻ), r = (1 − y)σ(z) − yσ(−z) and
 * Q = diag(σ(z)σ(−z)), each weighted with ω.
 *
 * <p>r is σ(z) − y, written so that nothing cancels where σ(z) is rounded to one.
 */
final class SigmoidCrossEntropy extends DiagonalLoss {

    private final BinaryLabels labels;
    private final SoftplusTerms softplus;
    private final INDArray weightedTail;
    private final Program evaluate;
    private final Program differentiate;
    private final ClippedBinaryScore score;
    private final double unclipped;

    SigmoidCrossEntropy(LossInputs inputs, double clip) {
        super(inputs);
        INDArray omega = inputs.omega();
        labels = new BinaryLabels(memory, y, omega);
        softplus = new SoftplusTerms(memory, z);
        evaluate = memory.program();
        softplus.append(evaluate);
        weightedTail = omega == null ? softplus.tail : memory.array();
        if (omega != null) {
            evaluate.multiply(softplus.tail, omega, weightedTail);
        }

        INDArray o = memory.array();
        INDArray complement = memory.array();
        INDArray minus = memory.array();
        differentiate = memory.program()
                .apply("sigmoid", z, o)
                .multiply(z, memory.scalar(-1.0), minus)
                .apply("sigmoid", minus, complement)
                .multiply(o, complement, curvature)
                .multiply(o, labels.zeros, residual)
                .multiply(complement, labels.ones, minus)
                .subtract(residual, minus, residual);
        if (omega != null) {
            differentiate.multiply(curvature, omega, curvature);
        }
        Program sigmoid = memory.program();
        INDArray reported = memory.array();
        sigmoid.apply("sigmoid", z, reported);
        score = new ClippedBinaryScore(memory, sigmoid, reported, labels, clip);
        unclipped = clip > 0 ? Math.log((1 - clip) / clip) : Double.POSITIVE_INFINITY;
    }

    @Override
    protected void prepareLabels() {
        labels.prepare();
    }

    /** Σ ω(yτ + (1 − y)τ) + ω(1 − y)max(z, 0) + ωy·max(−z, 0): no term is negative. */
    @Override
    protected double evaluate() {
        evaluate.run();
        return Vectors.norm1(weightedTail)
                + Vectors.dot(labels.zeros, softplus.positive)
                - Vectors.dot(labels.ones, softplus.negative);
    }

    /** A walk over z tells whether any output is under ε or over 1 − ε; as a rule none is. */
    @Override
    protected double reported(double sum) {
        return Vectors.normInf(z) <= unclipped ? sum : score.sum();
    }

    @Override
    protected double least() {
        return labels.entropy();
    }

    @Override
    protected void differentiate() {
        differentiate.run();
    }
}
