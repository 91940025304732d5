package org.dl4jgn.loss;

import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.plan.Program;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A loss whose outputs do not depend on each other: Q is diagonal, and S = √Q. */
public abstract class DiagonalLoss extends OutputLoss {

    /** The diagonal of Q, all elements at least zero. */
    protected final INDArray curvature;

    private final Program multiply;

    /** A loss on the z of {@code inputs}. */
    protected DiagonalLoss(LossInputs inputs) {
        super(inputs.z());
        curvature = memory.array();
        multiply = memory.program().multiply(inputs.in(), curvature, inputs.out());
    }

    /** Writes {@link #residual} and {@link #curvature} at z. */
    protected abstract void differentiate();

    @Override
    public final void linearize(double weight) {
        differentiate();
        Vectors.scale(weight, curvature);
    }

    @Override
    public final void multiplyCurvature() {
        multiply.run();
    }

    @Override
    public final INDArray squaredRoot() {
        return curvature;
    }
}
