package org.dl4jgn.bench.rivals;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * The mean of those gradients that agree with the mean so far: the first one opens it, and each further one is let in if
 * its cosine distance to it, 1 − cos, is at most the threshold.
 */
final class AgreeingMean {

    private final double threshold;
    private @Nullable INDArray sum;
    private int count;

    AgreeingMean(double threshold) {
        this.threshold = threshold;
    }

    /** Copies the gradient if it is let in. */
    void offer(INDArray gradient) {
        if (sum == null) {
            sum = gradient.dup();
            count = 1;
        } else if (distance(sum, gradient) <= threshold) {
            sum.addi(gradient);
            count++;
        }
    }

    /** Whether any gradient agreed with the first. */
    boolean isAgreed() {
        return count > 1;
    }

    /** The mean of those let in. */
    INDArray mean() {
        if (sum == null) {
            throw new IllegalStateException("No gradient was offered");
        }
        return sum.div(count);
    }

    /** 1 − cos; a zero vector has no direction and counts as orthogonal, as it does in the method's reference code. */
    private static double distance(INDArray a, INDArray b) {
        double cosine = Transforms.cosineSim(a, b);
        return Double.isNaN(cosine) ? 1 : 1 - cosine;
    }
}
