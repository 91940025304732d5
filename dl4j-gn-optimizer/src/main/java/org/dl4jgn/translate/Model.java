package org.dl4jgn.translate;

import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A source of a graph: something with flat parameters whose pre-activations z = f(x; θ) can be written as a SameDiff graph.
 * It has one input or several, and one head or several, each of which ends in an activation and a loss; its loss is their sum.
 */
public interface Model {

    /** The type of parameters, features and all that is computed from them: FLOAT or DOUBLE. */
    DataType type();

    /** θ, [1, d], in the model's own order; a live view, which is written after a step. */
    INDArray params();

    /** d. */
    default long parameterCount() {
        return params().length();
    }

    /** The seed of dropout and other noise. */
    long seed();

    /** Whether the loss is the mean over the examples of a mini-batch; else it is their sum. */
    default boolean isMean() {
        return true;
    }

    /** Training steps taken so far, by whatever optimizer. */
    int iteration();

    /** Epochs of training so far. */
    int epoch();

    /**
     * The shapes of the features that the model takes, for each of its inputs.
     *
     * @throws UnsupportedNetworkException if something of the model is not supported
     */
    List<FeatureFormat> features();

    /**
     * The graph of the z of all heads, in training mode, for batches of one shape.
     *
     * @param batch how many examples of which shapes
     * @throws UnsupportedNetworkException if a layer or a setting is not supported
     * @throws IllegalArgumentException if features of this shape do not go through the layers
     */
    TranslatedNetwork translate(BatchShape batch);

    /**
     * The graph of the z for one example of whatever shape goes through the layers; parameters and the number of outputs do
     * not depend on it.
     *
     * @throws UnsupportedNetworkException if a layer or a setting is not supported
     */
    TranslatedNetwork translateAny();

    /** Whether sequences may be made longer, so that many lengths share a plan. */
    default StepPadding padding() {
        return StepPadding.NEVER;
    }

    /** The regularization of one parameter array. */
    Regularized regularization(ParameterSlot slot);
}
