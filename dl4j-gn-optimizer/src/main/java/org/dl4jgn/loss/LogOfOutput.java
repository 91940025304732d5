package org.dl4jgn.loss;

import org.dl4jgn.plan.Program;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.scalar.Step;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Log;

/** log σ(z) and its derivative λ = σ′/σ, from z where σ can be rounded to zero while its logarithm is a number. */
abstract class LogOfOutput {

    /** log σ(z), [b, c]. */
    final INDArray value;

    /** λ, [b, c]. */
    final INDArray slope;

    private final Program evaluate;
    private final Program differentiate;

    private LogOfOutput(LossMemory memory) {
        value = memory.array();
        slope = memory.array();
        evaluate = memory.program();
        differentiate = memory.program();
    }

    /** @param labels what the logarithms are multiplied with */
    static LogOfOutput of(LossInputs inputs, InverseLink link, INDArray labels, LossMemory memory) {
        if (link instanceof InverseLink.Softplus softplus) {
            return new OfSoftplus(softplus, memory);
        }
        if (inputs.head().activation().getClass() == ActivationSigmoid.class) {
            return new OfSigmoid(inputs.z(), memory);
        }
        return new OfAny(link, labels, memory);
    }

    /** To be called when labels have changed. */
    void prepareLabels() {}

    /** Computes the logarithm, after the output. */
    final void evaluate() {
        evaluate.run();
    }

    /** Computes λ, after the output's derivative, at the z of the last {@link #evaluate}. */
    final void differentiate() {
        differentiate.run();
    }

    /**
     * From some z₀ on downwards, log(1 + eᶻ) = eᶻ to all digits: its logarithm is log(1 + eᵃ) + (z − a) with a = max(z, z₀),
     * and λ = σ(a)/log(1 + eᵃ) for the sigmoid σ.
     */
    private static final class OfSoftplus extends LogOfOutput {

        /** e⁻⁴⁰ is under the unit roundoff of double, and far from the least number of float. */
        private static final double FROM = -40;

        OfSoftplus(InverseLink.Softplus softplus, LossMemory memory) {
            super(memory);
            INDArray bounded = memory.array();
            INDArray bound = memory.scalar(FROM);
            INDArray output = memory.array();
            INDArray beyond = memory.array();
            super.evaluate
                    .maximum(softplus.o, memory.scalar(Math.log1p(Math.exp(FROM))), output)
                    .maximum(softplus.z, bound, bounded)
                    .subtract(softplus.z, bounded, beyond)
                    .legacy(new Log(output, value))
                    .add(value, beyond, value);
            super.differentiate.apply("sigmoid", bounded, slope).divide(slope, output, slope);
        }
    }

    /** log σ(z) = −log(1 + e⁻ᶻ), λ = σ(−z). */
    private static final class OfSigmoid extends LogOfOutput {

        OfSigmoid(INDArray z, LossMemory memory) {
            super(memory);
            SoftplusTerms softplus = new SoftplusTerms(memory, z);
            INDArray minusOne = memory.scalar(-1.0);
            INDArray minus = memory.array();
            softplus.append(super.evaluate);
            super.evaluate.subtract(softplus.negative, softplus.tail, value);
            super.differentiate.multiply(z, minusOne, minus).apply("sigmoid", minus, slope);
        }
    }

    /** The logarithm of the output as computed. An output of zero that meets a label of zero counts as one: 0·log 0 is 0. */
    private static final class OfAny extends LogOfOutput {

        private final Program prepareLabels;

        OfAny(InverseLink link, INDArray labels, LossMemory memory) {
            super(memory);
            INDArray withoutLabel = memory.array();
            INDArray one = memory.scalar(1.0);
            prepareLabels =
                    memory.program().legacy(new Step(labels, withoutLabel)).subtract(one, withoutLabel, withoutLabel);
            INDArray output = memory.array();
            INDArray isZero = memory.flags();
            super.evaluate
                    .call("equals", new INDArray[] {link.o, memory.filled(0.0)}, new INDArray[] {isZero}, NONE, REALS)
                    .convert(isZero, output)
                    .multiply(output, withoutLabel, output)
                    .add(output, link.o, output)
                    .legacy(new Log(output, value));
            INDArray derivative = link.derivative == null ? memory.filled(1.0) : link.derivative;
            super.differentiate.divide(derivative, output, slope);
        }

        private static final long[] NONE = {};
        private static final double[] REALS = {};

        @Override
        void prepareLabels() {
            prepareLabels.run();
        }
    }
}
