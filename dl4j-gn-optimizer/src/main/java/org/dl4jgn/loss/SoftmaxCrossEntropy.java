package org.dl4jgn.loss;

import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.plan.Program;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Cross-entropy on a softmax: ℓ = −Σₖ ωₖyₖ log pₖ and Q = s(diag(p) − ppᵀ), with s = Σₖ ωₖyₖ. */
class SoftmaxCrossEntropy extends SoftmaxLogLoss {

    /**
     * The odds against the likeliest class, in the least certain example, under which Q is so small that its product is
     * computed with care. One example that is less certain makes Q as large as what rounding leaves of the others.
     */
    private static final double CERTAIN = 1e-2;

    private final INDArray scaled;
    private final Program scale;
    private final Program multiply;
    private final Program multiplyCertain;
    private boolean certain;

    SoftmaxCrossEntropy(LossInputs inputs, double clip) {
        this(inputs, clip, 1 - clip);
    }

    SoftmaxCrossEntropy(LossInputs inputs, double clip, double top) {
        super(inputs, clip, top);
        scaled = memory.array();
        scale = memory.program().multiply(p, SoftmaxRows.spread(labelSums), scaled);
        multiply = memory.program();
        jacobian.appendPlain(multiply, scaled, inputs.in(), inputs.out());
        multiplyCertain = memory.program();
        jacobian.append(multiplyCertain, scaled, inputs.in(), inputs.out());
    }

    @Override
    public final void linearize(double weight) {
        certain = differentiate() < CERTAIN;
        scale.run();
        Vectors.scale(weight, scaled);
    }

    @Override
    public final void multiplyCurvature() {
        (certain ? multiplyCertain : multiply).run();
    }

    /** s(diag(p) − ppᵀ) = (I − p1ᵀ) diag(sp) (I − 1pᵀ), since the elements of p sum to one. */
    @Override
    public final INDArray squaredRoot() {
        return scaled;
    }

    /** S√p = 0, whatever the weight of the example. */
    @Override
    public final long rootRank() {
        return Math.max(1, z.size(1) - 1);
    }
}
