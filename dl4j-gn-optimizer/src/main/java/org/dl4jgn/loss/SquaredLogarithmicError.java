package org.dl4jgn.loss;

import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.plan.Program;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.impl.LossMSLE;

/**
 * ℓ = (1/c)(log(1 + o) − log(1 + y))²: DL4J's MSLE. It is not convex in o, but a squared error of log(1 + o), and the
 * generalized Gauss-Newton matrix is taken there: ℓ″ is replaced by (2/c)/(1 + o)² ≥ 0.
 *
 * <p>An output of −1 or less is outside of its domain, and the loss not a number there, as with DL4J.
 */
final class SquaredLogarithmicError implements LossTranslator<LossMSLE> {

    @Override
    public String name() {
        return "MEAN_SQUARED_LOGARITHMIC_ERROR";
    }

    @Override
    public @Nullable INDArray weights(LossMSLE loss) {
        return loss.getWeights();
    }

    @Override
    public OutputLoss create(LossMSLE loss, LossInputs inputs) {
        return inputs.pointwise(arrays -> new Term(arrays, 1.0 / inputs.z().size(1)));
    }

    private static final class Term extends PointwiseLoss {

        private final WeightedShares shares;
        private final INDArray difference;
        private final INDArray weighted;
        private final INDArray logOfLabels;
        private final Program prepare;

        Term(Arrays at, double s) {
            super(at);
            LossMemory memory = at.memory();
            shares = new WeightedShares(memory, at.omega(), s);
            difference = memory.array();
            weighted = memory.array();
            logOfLabels = memory.array();
            Log1p log1p = new Log1p(memory, weighted);
            prepare = memory.program();
            log1p.append(prepare, at.y(), logOfLabels);
            appendDifference(evaluate, log1p);
            evaluate.multiply(difference, shares.array, weighted);

            INDArray slope = memory.array();
            appendDifference(differentiate, log1p);
            differentiate
                    .add(at.o(), memory.scalar(1.0), slope)
                    .divide(memory.filled(1.0), slope, slope)
                    .multiply(slope, shares.array, at.first())
                    .multiply(at.first(), memory.scalar(2.0), at.first())
                    .multiply(at.first(), slope, at.second())
                    .multiply(at.first(), difference, at.first());
        }

        private void appendDifference(Program program, Log1p log1p) {
            log1p.append(program, at.o(), difference);
            program.subtract(difference, logOfLabels, difference);
        }

        @Override
        protected void prepareLabels() {
            shares.prepare();
            prepare.run();
            if (!Vectors.isFinite(logOfLabels)) {
                throw new IllegalArgumentException("Labels of the loss MEAN_SQUARED_LOGARITHMIC_ERROR must be above −1,"
                        + " because it compares log(1 + label) with log(1 + output)");
            }
        }

        @Override
        public double sum() {
            evaluate.run();
            return Vectors.dot(difference, weighted);
        }
    }
}
