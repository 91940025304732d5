package org.dl4jgn.loss;

import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.plan.Program;
import org.dl4jgn.translate.UnsupportedNetworkException;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Log;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;

/** ℓ = −y log o − (1 − y) log(1 − o): DL4J's XENT. */
final class BinaryCrossEntropy implements LossTranslator<LossBinaryXENT> {

    @Override
    public String name() {
        return "XENT";
    }

    @Override
    public @Nullable INDArray weights(LossBinaryXENT loss) {
        return loss.getWeights();
    }

    @Override
    public OutputLoss create(LossBinaryXENT loss, LossInputs inputs) {
        if (inputs.head().isSoftmax()) {
            throw new UnsupportedNetworkException(
                    "Loss XENT on a softmax output is not supported, because the score and"
                            + " the gradient that DL4J computes for it do not belong together. Supported: MCXENT on softmax,"
                            + " XENT on sigmoid.");
        }
        if (inputs.head().activation().getClass() == ActivationSigmoid.class) {
            return new SigmoidCrossEntropy(inputs, loss.getClipEps());
        }
        return inputs.pointwise(arrays -> new Term(arrays, loss.getClipEps()));
    }

    /**
     * Binary cross-entropy of any output, with logarithms that go on as straight lines below ε, DL4J's bound of clipping:
     * an activation that is not a sigmoid reaches zero and one, or goes beyond them, where the loss is infinite.
     *
     * <p>The slope is DL4J's gradient, which is that of the clipped output, up to ε. The curvature stays that at ε, more
     * than the straight line's.
     */
    private static final class Term extends PointwiseLoss {

        private final BinaryLabels labels;
        private final INDArray logarithm;
        private final INDArray logOfComplement;
        private final ClippedBinaryScore score;

        Term(Arrays at, double clip) {
            super(at);
            LossMemory memory = at.memory();
            double roundoff = (at.o().dataType() == DataType.DOUBLE ? Math.ulp(1.0) : Math.ulp(1.0f)) / 2;
            INDArray bound = memory.scalar(clip > 0 ? clip : roundoff);
            INDArray complement = memory.array();
            INDArray bounded = memory.array();
            labels = new BinaryLabels(memory, at.y(), at.omega());
            logarithm = memory.array();
            logOfComplement = memory.array();
            evaluate.subtract(memory.scalar(1.0), at.o(), complement);
            appendLogarithm(at.o(), bound, bounded, logarithm);
            appendLogarithm(complement, bound, bounded, logOfComplement);

            INDArray share = memory.array();
            differentiate
                    .maximum(at.o(), bound, bounded)
                    .divide(labels.ones, bounded, at.first())
                    .divide(at.first(), bounded, at.second())
                    .subtract(memory.scalar(1.0), at.o(), complement)
                    .maximum(complement, bound, bounded)
                    .divide(labels.zeros, bounded, share)
                    .subtract(share, at.first(), at.first())
                    .divide(share, bounded, share)
                    .add(at.second(), share, at.second());
            Program program = memory.program();
            score = new ClippedBinaryScore(memory, program, at.o(), labels, clip);
        }

        /** {@code result ← log x} for x ≥ ε, and log ε + (x − ε)/ε below. */
        private void appendLogarithm(INDArray x, INDArray bound, INDArray bounded, INDArray result) {
            evaluate.maximum(x, bound, bounded)
                    .subtract(x, bounded, result)
                    .divide(result, bound, result)
                    .legacy(new Log(bounded, bounded))
                    .add(result, bounded, result);
        }

        @Override
        protected void prepareLabels() {
            labels.prepare();
        }

        @Override
        public double sum() {
            evaluate.run();
            return -Vectors.dot(labels.ones, logarithm) - Vectors.dot(labels.zeros, logOfComplement);
        }

        @Override
        protected double reported(double sum) {
            return score.sum();
        }

        @Override
        protected double least() {
            return labels.entropy();
        }
    }
}
