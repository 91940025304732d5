package org.dl4jgn.translate;

import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.activations.IActivation;

/**
 * Writes one kind of DL4J activation function, in training mode, as SameDiff operations that compute the same numbers and
 * have tangent rules.
 *
 * @param <A> the activation
 */
@FunctionalInterface
public interface ActivationTranslator<A extends IActivation> {

    /**
     * Writes the activation.
     *
     * @param activation its settings
     * @param x the pre-activations, a matrix of {@code shape}
     * @param shape rows and columns; zero rows where sizes alone are checked
     * @param writer what the operations are written to
     * @return σ(x), of the same shape
     * @throws UnsupportedNetworkException if a setting of the activation is not supported, see {@link
     *     GraphWriter#unsupported}
     */
    SDVariable translate(A activation, SDVariable x, long[] shape, GraphWriter writer);

    /**
     * Whether each element of the result depends on its own element alone. Otherwise the rows of x are those along the last
     * dimension of DL4J's array, as {@code getActivation} sees it.
     */
    default boolean isElementwise() {
        return true;
    }
}
