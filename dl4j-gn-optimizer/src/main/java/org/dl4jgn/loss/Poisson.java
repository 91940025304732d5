package org.dl4jgn.loss;

import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.plan.Program;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.impl.LossPoisson;

/** ℓ = o − y log o: DL4J's POISSON, the negative logarithm of the likelihood of counts, up to what y alone adds. */
final class Poisson implements LossTranslator<LossPoisson> {

    @Override
    public String name() {
        return "POISSON";
    }

    @Override
    public OutputLoss create(LossPoisson loss, LossInputs inputs) {
        return inputs.head().isSoftmax() ? new SoftmaxPoisson(inputs) : new OnActivation(inputs);
    }

    /** r = ωσ′ − ωyλ and Q = diag(ωyλ²) with λ = (log σ)′. */
    private static final class OnActivation extends LogLoss {

        private final INDArray ones;
        private final LogOfLabels logOfLabels;
        private final Program slope;

        OnActivation(LossInputs inputs) {
            super(inputs);
            INDArray omega = inputs.omega();
            ones = omega == null ? memory.filled(1.0) : omega;
            logOfLabels = new LogOfLabels(memory, y);
            slope = memory.program();
            INDArray derivative = link.derivative;
            if (derivative == null) {
                slope.add(residual, ones, residual);
            } else if (omega == null) {
                slope.add(residual, derivative, residual);
            } else {
                INDArray weighted = memory.array();
                slope.multiply(derivative, omega, weighted).add(residual, weighted, residual);
            }
        }

        @Override
        protected double evaluate() {
            double logarithms = super.evaluate();
            return Vectors.dot(ones, link.o) + logarithms;
        }

        /** Where o is y: Σ ω(y − y log y). */
        @Override
        protected double least() {
            return Vectors.dot(ones, y) - logOfLabels.weightedSum(labels);
        }

        @Override
        protected void differentiate() {
            super.differentiate();
            slope.run();
        }
    }
}
