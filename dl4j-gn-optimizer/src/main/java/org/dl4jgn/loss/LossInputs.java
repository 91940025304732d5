package org.dl4jgn.loss;

import org.dl4jgn.translate.Head;
import org.dl4jgn.translate.OutputActivation;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What an {@link OutputLoss} is made of, for one batch size.
 *
 * @param head the output layer's loss and activation
 * @param z pre-activations, [b, c]
 * @param activation o = σ(z) as a graph
 * @param noise the random inputs of that graph
 * @param omega weights and masks ω, [b, c], all at least zero, or null for none
 * @param in what the curvature is multiplied with, [b, c]
 * @param out where the product goes, [b, c]
 */
public record LossInputs(
        Head head,
        INDArray z,
        OutputActivation activation,
        HeadNoise noise,
        @Nullable INDArray omega,
        INDArray in,
        INDArray out) {

    /** The loss that is a sum over the elements of the output, on whatever the output layer's activation is. */
    public OutputLoss pointwise(PointwiseLoss.Factory loss) {
        return head.isSoftmax() ? new PointwiseOnSoftmax(this, loss) : new PointwiseOnActivation(this, loss);
    }

    /** The loss that couples the outputs of a row, on whatever the output layer's activation is. */
    public OutputLoss joint(JointLoss.Factory loss) {
        return new JointOnOutput(this, loss);
    }
}
