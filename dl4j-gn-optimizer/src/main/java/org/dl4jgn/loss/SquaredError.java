package org.dl4jgn.loss;

import org.dl4jgn.linalg.Vectors;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.impl.LossL2;

/** ℓ = s(o − y)²: DL4J's L2 (s = 1) and MSE, by another name SQUARED_LOSS (s = 1/c). No factor ½. */
final class SquaredError implements LossTranslator<LossL2> {

    private final boolean mean;

    private SquaredError(boolean mean) {
        this.mean = mean;
    }

    static SquaredError mean() {
        return new SquaredError(true);
    }

    static SquaredError sum() {
        return new SquaredError(false);
    }

    @Override
    public String name() {
        return mean ? "MSE (SQUARED_LOSS)" : "L2";
    }

    @Override
    public @Nullable INDArray weights(LossL2 loss) {
        return loss.getWeights();
    }

    @Override
    public OutputLoss create(LossL2 loss, LossInputs inputs) {
        double s = mean ? 1.0 / inputs.z().size(1) : 1.0;
        return inputs.pointwise(arrays -> new Term(arrays, s));
    }

    private static final class Term extends PointwiseLoss {

        private final double s;
        private final INDArray error;

        Term(Arrays at, double s) {
            super(at);
            this.s = s;
            error = at.memory().array();
            INDArray twice = at.memory().filled(2 * s);
            evaluate.subtract(at.o(), at.y(), error);
            differentiate.subtract(at.o(), at.y(), error).multiply(error, twice, at.first());
            weigh(differentiate, at.first());
            if (at.omega() == null) {
                differentiate.copy(twice, at.second());
            } else {
                evaluate.multiply(error, at.omega(), at.first());
                differentiate.multiply(twice, at.omega(), at.second());
            }
        }

        @Override
        public double sum() {
            evaluate.run();
            return s * Vectors.dot(error, at.omega() == null ? error : at.first());
        }
    }
}
