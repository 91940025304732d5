package org.dl4jgn.loss;

import org.dl4jgn.linalg.Vectors;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.scalar.Step;
import org.nd4j.linalg.api.ops.impl.transforms.same.Abs;
import org.nd4j.linalg.lossfunctions.impl.LossHinge;

/**
 * ℓ = max(0, m) with m = 1 − yo: DL4J's HINGE, for labels y = ±1. Value and gradient are exact.
 *
 * <p>Its own second derivative is zero wherever there is one. With max(0, m) = (m + |m|)/2 the curvature is that of the
 * parabola that touches |m|/2: y²/(2 max(|m|, ε)), the iterative majorization of a support vector machine (Groenen, Nalbantov
 * and Bioch 2008), smoothed at the kink by ε = {@value #SMOOTHING} of a margin; the smoothing is in the curvature alone.
 */
final class Hinge implements LossTranslator<LossHinge> {

    private static final double SMOOTHING = 0.1;

    @Override
    public String name() {
        return "HINGE";
    }

    @Override
    public OutputLoss create(LossHinge loss, LossInputs inputs) {
        return inputs.pointwise(Term::new);
    }

    private static final class Term extends PointwiseLoss {

        private final Margin margin;
        private final INDArray weights;

        Term(Arrays at) {
            super(at);
            LossMemory memory = at.memory();
            margin = new Margin(at);
            weights = at.omega() == null ? memory.filled(1.0) : at.omega();
            margin.append(evaluate);
            INDArray weightedLabels = memory.array();
            INDArray scratch = memory.array();
            margin.append(differentiate);
            differentiate
                    .multiply(at.y(), weights, weightedLabels)
                    .legacy(new Step(margin.missing, scratch, 0))
                    .multiply(scratch, weightedLabels, at.first())
                    .multiply(at.first(), memory.scalar(-1.0), at.first())
                    .legacy(new Abs(margin.missing, scratch))
                    .maximum(scratch, memory.scalar(SMOOTHING), scratch)
                    .multiply(weightedLabels, at.y(), at.second())
                    .divide(at.second(), scratch, at.second())
                    .multiply(at.second(), memory.scalar(0.5), at.second());
        }

        @Override
        public double sum() {
            evaluate.run();
            return Vectors.dot(margin.positive, weights);
        }
    }
}
