package org.dl4jgn.loss;

import org.dl4jgn.linalg.Vectors;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.scalar.Step;
import org.nd4j.linalg.lossfunctions.impl.LossSquaredHinge;

/** ℓ = max(0, m)² with m = 1 − yo: DL4J's SQUARED_HINGE, for labels y = ±1. ℓ′ = −2y·max(0, m), ℓ″ = 2y² where m > 0. */
final class SquaredHinge implements LossTranslator<LossSquaredHinge> {

    @Override
    public String name() {
        return "SQUARED_HINGE";
    }

    @Override
    public OutputLoss create(LossSquaredHinge loss, LossInputs inputs) {
        return inputs.pointwise(Term::new);
    }

    private static final class Term extends PointwiseLoss {

        private final Margin margin;
        private final INDArray weighted;

        Term(Arrays at) {
            super(at);
            LossMemory memory = at.memory();
            margin = new Margin(at);
            margin.append(evaluate);
            weighted = at.omega() == null ? margin.positive : memory.array();
            if (at.omega() != null) {
                evaluate.multiply(margin.positive, at.omega(), weighted);
            }
            INDArray slope = memory.array();
            margin.append(differentiate);
            differentiate
                    .multiply(at.y(), memory.scalar(-2.0), slope)
                    .multiply(slope, margin.positive, at.first())
                    .legacy(new Step(margin.missing, at.second(), 0))
                    .multiply(at.second(), slope, at.second())
                    .multiply(at.second(), at.y(), at.second())
                    .multiply(at.second(), memory.scalar(-1.0), at.second());
            weigh(differentiate, at.first());
            weigh(differentiate, at.second());
        }

        @Override
        public double sum() {
            evaluate.run();
            return Vectors.dot(margin.positive, weighted);
        }
    }
}
