package org.dl4jgn.curvature;

import java.util.List;
import org.dl4jgn.linalg.Span;
import org.dl4jgn.linalg.Vectors;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.regularization.WeightDecay;

/**
 * DL4J's weight decay of each parameter array: beside the step, θ ← θ − c·η·θ, with the learning rate η or, where the term says
 * so, without. It is decoupled from the loss (Loshchilov and Hutter 2019): neither direction nor search nor damping know of it.
 */
public final class WeightDecays {

    private final List<Span> spans;
    private final Coefficients<WeightDecay> coefficients;
    private final boolean isNone;

    /** Reads the weight decay of every parameter. */
    WeightDecays(RegularizationTerms terms) {
        spans = terms.spans();
        coefficients = new Coefficients<>(terms, WeightDecay.class, WeightDecay::getCoeff);
        isNone = coefficients.isEmpty();
    }

    /**
     * Decays what a step led to, by a share of where it began.
     *
     * @param base θ before the step
     * @param next θ after it, changed
     * @param learningRate η
     */
    public void apply(INDArray base, INDArray next, double learningRate, int iteration, int epoch) {
        for (int i = 0; i < spans.size() && !isNone; i++) {
            double share = 0;
            for (WeightDecay term : coefficients.terms().get(i)) {
                share += term.getCoeff().valueAt(iteration, epoch) * (term.isApplyLR() ? learningRate : 1);
            }
            if (share != 0) {
                Vectors.axpy(-share, spans.get(i).of(base), spans.get(i).of(next));
            }
        }
    }
}
