package org.dl4jgn.loss;

import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.plan.Program;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Poisson's loss on a softmax: ℓ = Σₖ ωₖ(pₖ − yₖ log pₖ), and Q = (I − p1ᵀ) diag(ω∘y) (I − 1pᵀ).
 *
 * <p>ω is a mask of examples, the same for all outputs of one, so that Σₖ ωₖpₖ is ω: a constant beside a cross-entropy.
 */
final class SoftmaxPoisson extends SoftmaxLogLoss {

    private final @Nullable INDArray omega;
    private final INDArray curvature;
    private final Program multiply;

    SoftmaxPoisson(LossInputs inputs) {
        super(inputs, 0);
        omega = inputs.omega();
        curvature = memory.array();
        multiply = memory.program();
        jacobian.appendBetween(multiply, curvature, inputs.in(), inputs.out());
    }

    @Override
    protected double evaluate() {
        return outputs() + super.evaluate();
    }

    @Override
    protected double least() {
        return outputs() + super.least();
    }

    /** Σᵢₖ ωᵢₖpᵢₖ. */
    private double outputs() {
        return omega == null ? z.size(0) : Vectors.norm1(omega) / z.size(1);
    }

    @Override
    public void linearize(double weight) {
        differentiate();
        Vectors.copy(labels, curvature);
        Vectors.scale(weight, curvature);
    }

    @Override
    public void multiplyCurvature() {
        multiply.run();
    }

    @Override
    public INDArray squaredRoot() {
        return curvature;
    }
}
