package org.dl4jgn.loss;

import org.dl4jgn.plan.Program;

/** A pointwise loss on an element-wise activation o = σ(z): r = ωℓ′σ′ and Q = diag(ωℓ″σ′²). */
final class PointwiseOnActivation extends DiagonalLoss {

    private final InverseLink link;
    private final PointwiseLoss loss;
    private final Program chain;

    PointwiseOnActivation(LossInputs inputs, PointwiseLoss.Factory factory) {
        super(inputs);
        link = InverseLink.of(inputs, memory);
        var first = memory.array();
        loss = factory.create(new PointwiseLoss.Arrays(link.o, y, inputs.omega(), first, curvature, memory));
        chain = memory.program();
        if (link.derivative == null) {
            chain.copy(first, residual);
        } else {
            chain.multiply(first, link.derivative, residual)
                    .multiply(curvature, link.derivative, curvature)
                    .multiply(curvature, link.derivative, curvature);
        }
    }

    @Override
    protected void prepareLabels() {
        loss.prepareLabels();
    }

    @Override
    protected double evaluate() {
        link.evaluate();
        return loss.sum();
    }

    @Override
    protected double reported(double sum) {
        return loss.reported(sum);
    }

    @Override
    protected double least() {
        return loss.least();
    }

    @Override
    protected void differentiate() {
        link.differentiate();
        loss.differentiate.run();
        chain.run();
    }
}
