package org.dl4jgn.loss;

import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.plan.Program;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** −Σₖ ωₖyₖ log oₖ on an element-wise activation: r = −ωyλ and Q = diag(ωyλ²), with λ = (log σ)′ = σ′/σ. */
class LogLoss extends DiagonalLoss {

    /** The output. */
    final InverseLink link;

    /** ω∘y. */
    final INDArray labels;

    private final ILossFunction loss;
    private final LogOfOutput logarithm;
    private final Program prepareLabels;
    private final Program differentiate;

    LogLoss(LossInputs inputs) {
        super(inputs);
        loss = inputs.head().loss();
        INDArray omega = inputs.omega();
        labels = omega == null ? y : memory.array();
        prepareLabels = memory.program();
        if (omega != null) {
            prepareLabels.multiply(y, omega, labels);
        }
        link = InverseLink.of(inputs, memory);
        logarithm = LogOfOutput.of(inputs, link, labels, memory);
        differentiate = memory.program()
                .multiply(logarithm.slope, labels, residual)
                .multiply(residual, logarithm.slope, curvature)
                .multiply(residual, memory.scalar(-1.0), residual);
    }

    @Override
    protected void prepareLabels() {
        prepareLabels.run();
        LabelDomain.requireNotNegative(labels, loss);
        logarithm.prepareLabels();
    }

    @Override
    protected double evaluate() {
        link.evaluate();
        logarithm.evaluate();
        return -Vectors.dot(labels, logarithm.value);
    }

    @Override
    protected void differentiate() {
        link.differentiate();
        logarithm.differentiate();
        differentiate.run();
    }
}
