package org.dl4jgn.loss;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** Labels that a loss is convex with. */
final class LabelDomain {

    private LabelDomain() {}

    /**
     * Refuses negative labels of a loss −Σ y log o, which is not convex with them and has no least value.
     *
     * @param labels ω∘y, zero where they are masked, or their sum of each example
     */
    static void requireNotNegative(INDArray labels, ILossFunction loss) {
        double least = labels.minNumber().doubleValue();
        if (least < 0) {
            throw new IllegalArgumentException(
                    "Labels of the loss " + loss + " must not be negative, nor their sum of an"
                            + " example, got " + least
                            + ": the loss has no least value with such labels. Use labels ≥ 0, leave such"
                            + " examples out by a mask of the labels, or another loss, such as MSE");
        }
    }
}
