package org.dl4jgn.loss;

import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.plan.Program;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A pointwise loss on a softmax, with P = diag(p) − ppᵀ for each row: r = Pℓ′ and Q = P diag(ℓ″) P. */
final class PointwiseOnSoftmax extends OutputLoss {

    private final INDArray second;
    private final PointwiseLoss loss;
    private final Program softmax = new Program();
    private final Program linearize = new Program();
    private final Program multiply = new Program();
    private final Program root = new Program();
    private final INDArray p;
    private final INDArray squaredRoot;
    private final double scale;

    PointwiseOnSoftmax(INDArray z, @Nullable INDArray omega, DiagonalLoss.Factory factory, INDArray in, INDArray out) {
        super(z);
        scale = 1.0 / z.size(0);
        p = z.ulike();
        squaredRoot = z.ulike();
        INDArray first = z.ulike();
        INDArray between = z.ulike();
        second = z.ulike();
        softmax.apply("softmax", z, p);
        loss = factory.create(new PointwiseLoss.Arrays(p, y, omega, first, second, z.ulike()));
        SoftmaxJacobian jacobian = new SoftmaxJacobian(p);
        jacobian.append(linearize, first, residual);
        jacobian.append(multiply, in, between);
        multiply.multiply(between, second, between);
        jacobian.append(multiply, between, out);
        root.multiply(p, second, squaredRoot).multiply(p, squaredRoot, squaredRoot);
    }

    @Override
    public double sum() {
        softmax.run();
        return loss.sum();
    }

    @Override
    public void linearize() {
        loss.differentiate();
        linearize.run();
        Vectors.scale(scale, second);
    }

    @Override
    public void multiplyCurvature() {
        multiply.run();
    }

    /** P diag(ℓ″) P with P = (I − p1ᵀ) diag(p): a² = p²ℓ″. */
    @Override
    public INDArray squaredRoot() {
        root.run();
        return squaredRoot;
    }

    @Override
    public INDArray rootShift() {
        return p;
    }
}
