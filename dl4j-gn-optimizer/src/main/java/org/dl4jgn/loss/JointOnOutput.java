package org.dl4jgn.loss;

import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.plan.Program;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A loss that couples outputs, on o = σ(z) with the derivative J_o of each row: r = J_oᵀωℓ′ and Q = J_oᵀωHJ_o. It has no root of a
 * known form.
 */
final class JointOnOutput extends OutputLoss {

    private final JointLoss loss;
    private final Chain chain;
    private final INDArray out;
    private final INDArray slope;
    private final INDArray diagonal;
    private final Program residuals;
    private final Program into;
    private final Program back;
    private double weight;

    JointOnOutput(LossInputs inputs, JointLoss.Factory factory) {
        super(inputs.z());
        chain = inputs.head().isSoftmax() ? new OnSoftmax(inputs) : new OnElements(inputs);
        out = inputs.out();
        slope = memory.array();
        diagonal = memory.array();
        INDArray first = memory.array();
        INDArray in = memory.array();
        INDArray product = memory.array();
        loss = factory.create(
                new JointLoss.Arrays(chain.output(), y, inputs.omega(), first, diagonal, in, product, memory));
        residuals = memory.program();
        chain.append(residuals, first, residual);
        chain.appendSlope(residuals, slope);
        residuals.multiply(diagonal, slope, diagonal).multiply(diagonal, slope, diagonal);
        into = memory.program();
        chain.append(into, inputs.in(), in);
        back = memory.program();
        chain.append(back, product, out);
    }

    @Override
    protected void prepareLabels() {
        loss.prepareLabels();
    }

    @Override
    protected double evaluate() {
        chain.evaluate();
        return loss.sum();
    }

    @Override
    protected double least() {
        return loss.least();
    }

    @Override
    public void linearize(double weight) {
        this.weight = weight;
        chain.differentiate();
        loss.differentiate.run();
        residuals.run();
    }

    @Override
    public void multiplyCurvature() {
        into.run();
        loss.multiply.run();
        back.run();
        Vectors.scale(weight, out);
    }

    @Override
    public boolean hasRoot() {
        return false;
    }

    @Override
    public INDArray squaredRoot() {
        throw new UnsupportedOperationException("No root of the curvature is known for a loss that couples outputs");
    }

    @Override
    public double curvatureSum() {
        return weight * Vectors.norm1(diagonal);
    }

    /** o = σ(z) of a row and products with J_o, which is symmetric for every activation that there is. */
    private interface Chain {

        INDArray output();

        void evaluate();

        void differentiate();

        /** Appends {@code out ← J_o·x}. */
        void append(Program program, INDArray x, INDArray out);

        /** Appends {@code out ←} a row's own slopes, for the size of the curvature. */
        void appendSlope(Program program, INDArray out);
    }

    private final class OnElements implements Chain {

        private final InverseLink link;

        OnElements(LossInputs inputs) {
            link = InverseLink.of(inputs, memory);
        }

        @Override
        public INDArray output() {
            return link.o;
        }

        @Override
        public void evaluate() {
            link.evaluate();
        }

        @Override
        public void differentiate() {
            link.differentiate();
        }

        @Override
        public void append(Program program, INDArray x, INDArray result) {
            if (link.derivative == null) {
                program.copy(x, result);
            } else {
                program.multiply(x, link.derivative, result);
            }
        }

        @Override
        public void appendSlope(Program program, INDArray result) {
            program.copy(link.derivative == null ? memory.filled(1.0) : link.derivative, result);
        }
    }

    /** J_o = diag(p) − ppᵀ, at the p of the last linearization. */
    private final class OnSoftmax implements Chain {

        private final INDArray o;
        private final INDArray p;
        private final Program value;
        private final Program take;
        private final SoftmaxJacobian jacobian;

        OnSoftmax(LossInputs inputs) {
            o = memory.array();
            p = memory.array();
            SoftmaxRows rows = SoftmaxRows.of(memory, inputs.z());
            value = memory.program();
            rows.append(value);
            rows.appendProbabilities(value, o);
            jacobian = new SoftmaxJacobian(memory, p);
            take = memory.program().copy(o, p);
            jacobian.appendPreparation(take);
        }

        @Override
        public INDArray output() {
            return o;
        }

        @Override
        public void evaluate() {
            value.run();
        }

        @Override
        public void differentiate() {
            take.run();
        }

        @Override
        public void append(Program program, INDArray x, INDArray result) {
            jacobian.append(program, x, result);
        }

        @Override
        public void appendSlope(Program program, INDArray result) {
            program.copy(p, result);
        }
    }
}
