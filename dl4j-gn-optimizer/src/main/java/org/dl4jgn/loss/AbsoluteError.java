package org.dl4jgn.loss;

import org.dl4jgn.linalg.Vectors;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.same.Abs;
import org.nd4j.linalg.api.ops.impl.transforms.same.Sign;
import org.nd4j.linalg.lossfunctions.impl.LossL1;

/**
 * ℓ = s|o − y|: DL4J's L1 (s = 1) and MAE (s = 1/c). Value and gradient, s·sign(o − y), are exact.
 *
 * <p>Its own second derivative is zero wherever there is one. The curvature is that of iteratively reweighted least squares
 * (Holland and Welsch 1977): s/max(|o − y|, ε), of the parabola that touches s|o − y| at o and is nowhere below it as long as
 * |o − y| ≥ ε. The smoothing ε, a {@value Term#SMOOTHING}th of the mean error of the mini-batch at this point, keeps
 * outputs that happen to meet their label from holding all others; it is in the curvature alone.
 */
final class AbsoluteError implements LossTranslator<LossL1> {

    private final boolean mean;

    private AbsoluteError(boolean mean) {
        this.mean = mean;
    }

    static AbsoluteError mean() {
        return new AbsoluteError(true);
    }

    static AbsoluteError sum() {
        return new AbsoluteError(false);
    }

    @Override
    public String name() {
        return mean ? "MEAN_ABSOLUTE_ERROR" : "L1";
    }

    @Override
    public @Nullable INDArray weights(LossL1 loss) {
        return loss.getWeights();
    }

    @Override
    public OutputLoss create(LossL1 loss, LossInputs inputs) {
        double s = mean ? 1.0 / inputs.z().size(1) : 1.0;
        return inputs.pointwise(arrays -> new Term(arrays, s));
    }

    /** Σ a|o − y| with shares a ≥ 0 of each element. */
    static class Term extends PointwiseLoss {

        /** ε, relative to the mean error. */
        static final double SMOOTHING = 0.1;

        /** a, [b, c]. */
        final WeightedShares shares;

        private final INDArray error;
        private final INDArray least;
        private final double smallest;

        Term(Arrays at, double s) {
            super(at);
            LossMemory memory = at.memory();
            shares = new WeightedShares(memory, at.omega(), s);
            error = memory.array();
            least = memory.scalar(0);
            smallest = Math.sqrt(at.o().dataType() == DataType.DOUBLE ? Double.MIN_NORMAL : Float.MIN_NORMAL);
            INDArray magnitude = memory.array();
            evaluate.subtract(at.o(), at.y(), error).multiply(error, shares.array, error);
            differentiate
                    .subtract(at.o(), at.y(), magnitude)
                    .legacy(new Sign(magnitude, at.first()))
                    .multiply(at.first(), shares.array, at.first())
                    .legacy(new Abs(magnitude, magnitude))
                    .multiply(magnitude, shares.array, at.second())
                    .action("smoothing", this::smooth)
                    .maximum(magnitude, least, magnitude)
                    .divide(shares.array, magnitude, at.second());
        }

        private void smooth() {
            double total = Vectors.norm1(shares.array);
            double mean = total > 0 ? Vectors.norm1(at.second()) / total : 0;
            least.putScalar(0, Math.max(smallest, SMOOTHING * mean));
        }

        @Override
        protected void prepareLabels() {
            shares.prepare();
        }

        @Override
        public final double sum() {
            evaluate.run();
            return Vectors.norm1(error);
        }
    }
}
