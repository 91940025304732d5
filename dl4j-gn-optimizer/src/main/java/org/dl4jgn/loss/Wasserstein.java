package org.dl4jgn.loss;

import org.dl4jgn.linalg.Vectors;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.impl.LossWasserstein;

/**
 * ℓ = yo/c: DL4J's WASSERSTEIN, for critics with labels y = ±1. Linear in o and not bounded from below: Q = 0, so that a step
 * is a gradient step, (D + λI)Δ = −g, whose length the damping and the search decide on.
 */
final class Wasserstein implements LossTranslator<LossWasserstein> {

    @Override
    public String name() {
        return "WASSERSTEIN";
    }

    @Override
    public OutputLoss create(LossWasserstein loss, LossInputs inputs) {
        return inputs.pointwise(arrays -> new Term(arrays, 1.0 / inputs.z().size(1)));
    }

    private static final class Term extends PointwiseLoss {

        private final WeightedShares shares;
        private final INDArray weightedLabels;

        Term(Arrays at, double s) {
            super(at);
            shares = new WeightedShares(at.memory(), at.omega(), s);
            weightedLabels = at.memory().array();
            evaluate.multiply(at.y(), shares.array, weightedLabels);
            INDArray zero = at.memory().filled(0);
            differentiate.multiply(at.y(), shares.array, at.first()).copy(zero, at.second());
        }

        @Override
        protected void prepareLabels() {
            shares.prepare();
        }

        @Override
        public double sum() {
            evaluate.run();
            return Vectors.dot(at.o(), weightedLabels);
        }
    }
}
