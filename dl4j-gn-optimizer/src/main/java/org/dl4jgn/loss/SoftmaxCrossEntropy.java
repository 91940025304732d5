package org.dl4jgn.loss;

import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.plan.Program;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Log;

/**
 * Cross-entropy on a softmax: ℓ = −Σₖ ωₖyₖ log pₖ, r = s·p − ω∘y and Q = s(diag(p) − ppᵀ), with s = Σₖ ωₖyₖ.
 *
 * <p>r is the gradient of the loss whatever the labels' sum. For unweighted labels that do not sum to one, DL4J's own
 * gradient is p − y, which is not the derivative of its score; for labels that do, the two agree.
 */
final class SoftmaxCrossEntropy extends OutputLoss {

    private final INDArray p;
    private final INDArray logP;
    private final INDArray labels;
    private final INDArray labelSums;
    private final INDArray curvature;
    private final Program softmax = new Program();
    private final Program evaluate = new Program();
    private final Program linearize = new Program();
    private final Program prepareLabels = new Program();
    private final Program multiply = new Program();
    private final double scale;

    /** True if every row of ω∘y sums to one, the usual case, where s need not be multiplied. */
    private boolean unitSums;

    private final Program scaleBySums = new Program();

    SoftmaxCrossEntropy(INDArray z, @Nullable INDArray omega, double clip, INDArray in, INDArray out) {
        super(z);
        scale = 1.0 / z.size(0);
        p = z.ulike();
        logP = z.ulike();
        curvature = z.ulike();
        labelSums = z.ulike();
        labels = omega == null ? y : z.ulike();
        if (omega != null) {
            prepareLabels.multiply(y, omega, labels);
        }
        prepareLabels.matmul(labels, false, SoftmaxJacobian.onesMatrix(z), false, labelSums);
        softmax.apply("softmax", z, p);
        if (clip > 0) {
            evaluate.apply("clipbyvalue", p, logP, clip, 1 - clip).legacy(new Log(logP, logP));
        } else {
            evaluate.legacy(new Log(p, logP));
        }
        linearize.copy(p, curvature);
        scaleBySums.multiply(p, labelSums, curvature);
        new SoftmaxJacobian(p).append(multiply, curvature, in, out);
        residualFromCurvature.subtract(curvature, labels, residual);
    }

    private final Program residualFromCurvature = new Program();

    @Override
    public void labelsChanged() {
        prepareLabels.run();
        unitSums = true;
        double tolerance = p.dataType() == org.nd4j.linalg.api.buffer.DataType.DOUBLE ? 1e-12 : 1e-5;
        long c = labelSums.size(1);
        for (long i = 0; unitSums && i < labelSums.size(0); i++) {
            unitSums = Math.abs(labelSums.data().getDouble(i * c) - 1.0) <= tolerance;
        }
    }

    @Override
    public double sum() {
        softmax.run();
        evaluate.run();
        return -Vectors.dot(labels, logP);
    }

    @Override
    public void linearize() {
        (unitSums ? linearize : scaleBySums).run();
        residualFromCurvature.run();
        Vectors.scale(scale, curvature);
    }

    @Override
    public void multiplyCurvature() {
        multiply.run();
    }

    /** s(diag(p) − ppᵀ) = (I − p1ᵀ) diag(sp) (I − 1pᵀ), since the elements of p sum to one. */
    @Override
    public INDArray squaredRoot() {
        return curvature;
    }

    @Override
    public INDArray rootShift() {
        return p;
    }

    /** S√p = 0, whatever the weight of the example. */
    @Override
    public long rootRank() {
        return Math.max(1, z.size(1) - 1);
    }
}
