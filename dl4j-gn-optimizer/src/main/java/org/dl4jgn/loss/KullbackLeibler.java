package org.dl4jgn.loss;

import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.plan.Program;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Log;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossKLD;

/**
 * ℓ = Σₖ yₖ log(yₖ/oₖ): DL4J's KL_DIVERGENCE, a cross-entropy and what depends on the labels alone.
 *
 * <p>DL4J's score clips labels and outputs to 1e-5 from below; its gradient, as ours, is that of the loss that does not.
 */
final class KullbackLeibler implements LossTranslator<LossKLD> {

    @Override
    public String name() {
        return "KL_DIVERGENCE";
    }

    @Override
    public OutputLoss create(LossKLD loss, LossInputs inputs) {
        return inputs.head().isSoftmax() ? new OnSoftmax(inputs) : new OnActivation(inputs);
    }

    private static final class OnSoftmax extends SoftmaxCrossEntropy {

        private final LabelTerms terms;

        OnSoftmax(LossInputs inputs) {
            super(inputs, Nd4j.EPS_THRESHOLD, 1);
            terms = new LabelTerms(memory, y, inputs.omega());
        }

        @Override
        protected void prepareLabels() {
            super.prepareLabels();
            terms.prepare();
        }

        @Override
        protected double evaluate() {
            return terms.entropy() + super.evaluate();
        }

        @Override
        protected double least() {
            return terms.entropy() + super.least();
        }

        @Override
        protected double reported(double sum) {
            return terms.clippedEntropy() - Vectors.dot(terms.clipped, logOfClipped());
        }
    }

    private static final class OnActivation extends LogLoss {

        private final LabelTerms terms;
        private final INDArray logarithm;
        private final Program clip;

        OnActivation(LossInputs inputs) {
            super(inputs);
            terms = new LabelTerms(memory, y, inputs.omega());
            logarithm = memory.array();
            clip = memory.program()
                    .apply("clipbyvalue", link.o, logarithm, Nd4j.EPS_THRESHOLD, 1)
                    .legacy(new Log(logarithm, logarithm));
        }

        @Override
        protected void prepareLabels() {
            super.prepareLabels();
            terms.prepare();
        }

        @Override
        protected double evaluate() {
            return terms.entropy() + super.evaluate();
        }

        @Override
        protected double reported(double sum) {
            clip.run();
            return terms.clippedEntropy() - Vectors.dot(terms.clipped, logarithm);
        }
    }

    /** Σ ωy log y, of the labels as they are and as DL4J's score clips them. */
    private static final class LabelTerms {

        /** ωŷ with ŷ the clipped labels. */
        final INDArray clipped;

        private final INDArray weighted;
        private final Program prepare;
        private final LogOfLabels logOfLabels;
        private final LogOfLabels logOfClipped;
        private double entropy;

        LabelTerms(LossMemory memory, INDArray y, @Nullable INDArray omega) {
            clipped = memory.array();
            weighted = omega == null ? y : memory.array();
            INDArray bounded = memory.array();
            prepare = memory.program().apply("clipbyvalue", y, bounded, Nd4j.EPS_THRESHOLD, 1);
            if (omega == null) {
                prepare.copy(bounded, clipped);
            } else {
                prepare.multiply(bounded, omega, clipped).multiply(y, omega, weighted);
            }
            logOfLabels = new LogOfLabels(memory, y);
            logOfClipped = new LogOfLabels(memory, bounded);
        }

        void prepare() {
            prepare.run();
            entropy = logOfLabels.weightedSum(weighted);
        }

        double entropy() {
            return entropy;
        }

        double clippedEntropy() {
            return logOfClipped.weightedSum(clipped);
        }
    }
}
