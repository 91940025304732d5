package org.dl4jgn.curvature;

import java.util.List;
import org.dl4jgn.linalg.Span;
import org.dl4jgn.linalg.Vectors;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.regularization.L1Regularization;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.learning.regularization.WeightDecay;

/**
 * What lies between a problem's loss, which has l2, and DL4J's score: l1 and weight decay, which the score has as well; and l2 where
 * it has no regularization at all, which is of layers and vertices of SameDiff operations, although DL4J's gradient has it there.
 */
final class ScoreTerms {

    private final List<Span> spans;
    private final List<Boolean> counted;
    private final Coefficients<L1Regularization> l1;
    private final Coefficients<L2Regularization> l2;
    private final Coefficients<WeightDecay> decay;
    private final boolean isNone;

    /** Reads the regularization of every parameter. */
    ScoreTerms(RegularizationTerms terms) {
        spans = terms.spans();
        counted = terms.inScore();
        l1 = new Coefficients<>(terms, L1Regularization.class, L1Regularization::getL1);
        l2 = new Coefficients<>(terms, L2Regularization.class, L2Regularization::getL2);
        decay = new Coefficients<>(terms, WeightDecay.class, WeightDecay::getCoeff);
        isNone = l1.isEmpty() && decay.isEmpty() && (l2.isEmpty() || !counted.contains(false));
    }

    /** Σ λ‖θᵢ‖₁ + ½c‖θᵢ‖² over the arrays that DL4J counts, less ½λ‖θᵢ‖² over the others. */
    double at(INDArray theta, int iteration, int epoch) {
        if (isNone) {
            return 0;
        }
        double[] ofNorms = l1.at(iteration, epoch);
        double[] ofDecay = decay.at(iteration, epoch);
        double[] inLoss = l2.at(iteration, epoch);
        double sum = 0;
        for (int i = 0; i < ofNorms.length; i++) {
            INDArray part = spans.get(i).of(theta);
            double ofNorm = counted.get(i) ? ofNorms[i] : 0;
            double ofSquare = 0.5 * (counted.get(i) ? ofDecay[i] : -inLoss[i]);
            sum += ofNorm == 0 ? 0 : ofNorm * Vectors.norm1(part);
            sum += ofSquare == 0 ? 0 : ofSquare * Vectors.dot(part, part);
        }
        return sum;
    }
}
