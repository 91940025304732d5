package org.dl4jgn.loss;

import org.dl4jgn.translate.UnsupportedNetworkException;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * What stands for one of DL4J's loss functions: how its labels and weights are read, and the {@link OutputLoss} that
 * computes it.
 *
 * @param <L> the class of the loss function
 */
public interface LossTranslator<L extends ILossFunction> {

    /** The name of the loss in messages, as users write it. */
    String name();

    /**
     * The loss for one batch size. The activation that it meets is in {@code inputs}.
     *
     * @throws UnsupportedNetworkException if the loss is not supported on this activation
     */
    OutputLoss create(L loss, LossInputs inputs);

    /** The weights of the outputs, one for each, or null. */
    default @Nullable INDArray weights(L loss) {
        return null;
    }

    /** Whether labels are class indices, [b, 1], rather than one column an output. */
    default boolean isSparse() {
        return false;
    }

    /** Whether the loss couples the outputs of a row, so that a mask of labels can leave out whole rows only. */
    default boolean isJoint() {
        return false;
    }
}
