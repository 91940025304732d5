package org.dl4jgn.loss;

import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.plan.Program;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.scalar.Step;
import org.nd4j.linalg.api.ops.impl.transforms.same.Abs;
import org.nd4j.linalg.lossfunctions.impl.LossMAPE;

/** ℓ = (100/c)|o − y|/|y|: DL4J's MAPE. An {@link AbsoluteError} of which each element has the share 100/(c|y|). */
final class AbsolutePercentageError implements LossTranslator<LossMAPE> {

    @Override
    public String name() {
        return "MEAN_ABSOLUTE_PERCENTAGE_ERROR";
    }

    @Override
    public @Nullable INDArray weights(LossMAPE loss) {
        return loss.getWeights();
    }

    @Override
    public OutputLoss create(LossMAPE loss, LossInputs inputs) {
        return inputs.pointwise(arrays -> new Term(arrays, 100.0 / inputs.z().size(1)));
    }

    private static final class Term extends AbsoluteError.Term {

        private final Program divide;

        Term(Arrays at, double s) {
            super(at, s);
            INDArray magnitude = at.memory().array();
            INDArray unused = at.memory().array();
            divide = at.memory()
                    .program()
                    .legacy(new Abs(at.y(), magnitude))
                    // a label that is masked, or of weight zero, may be zero: it is not divided by
                    .legacy(new Step(shares.array, unused, 0))
                    .subtract(at.memory().scalar(1.0), unused, unused)
                    .maximum(magnitude, unused, magnitude)
                    .divide(shares.array, magnitude, shares.array);
        }

        @Override
        protected void prepareLabels() {
            super.prepareLabels();
            divide.run();
            if (!Vectors.isFinite(shares.array)) {
                throw new IllegalArgumentException("Labels of the loss MEAN_ABSOLUTE_PERCENTAGE_ERROR must not be zero,"
                        + " nor so small that 1/|label| overflows; leave such labels out by a mask of the labels, or use"
                        + " MEAN_ABSOLUTE_ERROR");
            }
        }
    }
}
