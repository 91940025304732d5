package org.dl4jgn.loss;

import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.plan.Program;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A pointwise loss on a softmax, with P = diag(p) − ppᵀ for each row: r = Pωℓ′ and Q = P diag(ωℓ″) P. */
final class PointwiseOnSoftmax extends OutputLoss {

    private final INDArray second;
    private final PointwiseLoss loss;
    private final Program softmax;
    private final Program take;
    private final Program linearize;
    private final Program multiply;
    private final Program root;
    private final INDArray p;
    private final INDArray squaredRoot;

    PointwiseOnSoftmax(LossInputs inputs, PointwiseLoss.Factory factory) {
        super(inputs.z());
        INDArray o = memory.array();
        INDArray first = memory.array();
        INDArray between = memory.array();
        p = memory.array();
        squaredRoot = memory.array();
        second = memory.array();
        SoftmaxRows rows = SoftmaxRows.of(memory, z);
        softmax = memory.program();
        rows.append(softmax);
        rows.appendProbabilities(softmax, o);
        loss = factory.create(new PointwiseLoss.Arrays(o, y, inputs.omega(), first, second, memory));
        SoftmaxJacobian jacobian = new SoftmaxJacobian(memory, p);
        take = memory.program().copy(o, p);
        jacobian.appendPreparation(take);
        linearize = memory.program();
        jacobian.append(linearize, first, residual);
        multiply = memory.program();
        jacobian.append(multiply, inputs.in(), between);
        multiply.multiply(between, second, between);
        jacobian.append(multiply, between, inputs.out());
        root = memory.program().multiply(p, second, squaredRoot).multiply(p, squaredRoot, squaredRoot);
    }

    @Override
    protected void prepareLabels() {
        loss.prepareLabels();
    }

    @Override
    protected double evaluate() {
        softmax.run();
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
    public void linearize(double weight) {
        take.run();
        loss.differentiate.run();
        linearize.run();
        Vectors.scale(weight, second);
    }

    @Override
    public void multiplyCurvature() {
        multiply.run();
    }

    /** P diag(ωℓ″) P with P = (I − p1ᵀ) diag(p): a² = p²ωℓ″. */
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
