package org.dl4jgn.loss;

import java.util.Set;
import java.util.TreeSet;
import org.dl4jgn.translate.Head;
import org.dl4jgn.translate.OutputActivation;
import org.dl4jgn.translate.UnsupportedNetworkException;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossL2;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import org.nd4j.linalg.lossfunctions.impl.LossNegativeLogLikelihood;
import org.nd4j.linalg.lossfunctions.impl.LossPoisson;
import org.nd4j.linalg.lossfunctions.impl.LossSparseMCXENT;

/** DL4J's losses, each with what stands for it here. A loss is found by its exact class. */
public final class OutputLosses {

    private static final Set<Class<?>> CROSS_ENTROPIES =
            Set.of(LossMCXENT.class, LossNegativeLogLikelihood.class, LossSparseMCXENT.class);

    private OutputLosses() {}

    /**
     * DL4J's weights of the loss's outputs, or null.
     *
     * @throws UnsupportedNetworkException if there is not one for each output
     */
    public static @Nullable INDArray weightsOf(ILossFunction loss, long outputs) {
        INDArray weights = weightsOf(loss);
        if (weights != null && weights.length() != outputs) {
            throw new UnsupportedNetworkException(
                    "Loss " + loss + " has " + weights.length() + " weights for a layer with " + outputs
                            + " outputs. Supported: one weight for each output, or none.");
        }
        return weights;
    }

    private static @Nullable INDArray weightsOf(ILossFunction loss) {
        if (loss instanceof LossL2 l2) {
            return l2.getWeights();
        }
        if (loss instanceof LossMCXENT mcxent) {
            return mcxent.getWeights();
        }
        return loss instanceof LossBinaryXENT xent ? xent.getWeights() : null;
    }

    /** Whether labels are class indices rather than one column an output. */
    public static boolean isSparse(ILossFunction loss) {
        return loss.getClass() == LossSparseMCXENT.class;
    }

    /** Whether the output activation is a softmax. */
    public static boolean isOnSoftmax(Head head) {
        return head.activation().getClass() == ActivationSoftmax.class;
    }

    /**
     * The loss of {@code end} on z.
     *
     * @param omega weights and masks, [b, c], or null for none
     * @param in what the curvature is multiplied with
     * @param out where the product goes
     * @throws UnsupportedNetworkException if the loss is not supported
     */
    public static OutputLoss create(
            Head end,
            INDArray z,
            OutputActivation head,
            HeadNoise noise,
            @Nullable INDArray omega,
            INDArray in,
            INDArray out) {
        ILossFunction loss = end.loss();
        IActivation activation = end.activation();
        boolean softmax = isOnSoftmax(end);
        if (softmax && CROSS_ENTROPIES.contains(loss.getClass())) {
            return new SoftmaxCrossEntropy(z, omega, ((LossMCXENT) loss).getSoftmaxClipEps(), in, out);
        }
        if (softmax && loss.getClass() == LossBinaryXENT.class) {
            throw new UnsupportedNetworkException(
                    "Loss XENT on a softmax output is not supported, because the score and"
                            + " the gradient that DL4J computes for it do not belong together. Supported: MCXENT on softmax,"
                            + " XENT on sigmoid.");
        }
        DiagonalLoss.Factory factory = factory(loss, z.size(1));
        if (softmax) {
            return new PointwiseOnSoftmax(z, omega, factory, in, out);
        }
        boolean matching = loss.getClass() == LossBinaryXENT.class && activation.getClass() == ActivationSigmoid.class;
        return new DiagonalLoss(z, head, noise, omega, matching, factory, in, out);
    }

    private static DiagonalLoss.Factory factory(ILossFunction loss, long outputs) {
        if (loss.getClass() == LossMSE.class) {
            return arrays -> new PointwiseLoss.SquaredError(arrays, 1.0 / outputs);
        }
        if (loss.getClass() == LossL2.class) {
            return arrays -> new PointwiseLoss.SquaredError(arrays, 1.0);
        }
        if (CROSS_ENTROPIES.contains(loss.getClass())) {
            return PointwiseLoss.CrossEntropy::new;
        }
        if (loss.getClass() == LossBinaryXENT.class) {
            double clip = ((LossBinaryXENT) loss).getClipEps();
            return arrays -> new PointwiseLoss.BinaryCrossEntropy(arrays, clip);
        }
        if (loss.getClass() == LossPoisson.class) {
            return PointwiseLoss.Poisson::new;
        }
        throw new UnsupportedNetworkException(
                "Loss " + loss + " (" + loss.getClass().getName() + ") is not supported. Supported: " + names() + ".");
    }

    private static Set<String> names() {
        return new TreeSet<>(Set.of(
                "MSE", "SQUARED_LOSS (L2)", "MCXENT", "NEGATIVELOGLIKELIHOOD", "SPARSE_MCXENT", "XENT", "POISSON"));
    }
}
