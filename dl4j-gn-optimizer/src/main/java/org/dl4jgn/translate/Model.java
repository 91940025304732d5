package org.dl4jgn.translate;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A source of a graph: something with flat parameters whose pre-activations z = f(x; θ) can be written as a SameDiff graph,
 * and which ends in an activation and a loss.
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

    /** Training steps taken so far, by whatever optimizer. */
    int iteration();

    /** Epochs of training so far. */
    int epoch();

    /**
     * The shapes of the features that the model takes.
     *
     * @throws UnsupportedNetworkException if something of the model is not supported
     */
    FeatureFormat features();

    /**
     * The graph of z, in training mode, for batches of one size.
     *
     * @param batch b
     * @param example the shape of an example's features, as the model has it
     * @throws UnsupportedNetworkException if a layer or a setting is not supported
     * @throws IllegalArgumentException if features of this shape do not go through the layers
     */
    TranslatedNetwork translate(long batch, long... example);

    /**
     * The graph of z for one example of whatever shape goes through the layers; parameters and the number of outputs do
     * not depend on it.
     *
     * @throws UnsupportedNetworkException if a layer or a setting is not supported
     */
    TranslatedNetwork translateAny();

    /** The regularization of one parameter array. */
    Regularized regularization(ParameterSlot slot);

    /**
     * Output activation and loss.
     *
     * @throws UnsupportedNetworkException if the model does not end in a layer that has both
     */
    Head head();
}
