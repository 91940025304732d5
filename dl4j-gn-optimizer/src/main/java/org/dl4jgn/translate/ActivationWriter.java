package org.dl4jgn.translate;

import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;

/** Writes activation functions where they apply: on matrices, and on what flows between layers. */
public final class ActivationWriter {

    private ActivationWriter() {}

    /**
     * Writes {@code activation} of {@code x}; one that is not element-wise applies along the last dimension of DL4J's array,
     * which is the width of images with channels first.
     */
    static Activations write(IActivation activation, Activations x, GraphWriter writer) {
        if (activation.getClass() == ActivationIdentity.class) {
            return x;
        }
        ActivationTranslator<IActivation> translator = ActivationTranslators.of(activation, writer);
        return translator.isElementwise()
                ? x.with(translator.translate(activation, x.variable(), x.matrixShape(), writer))
                : x.alongLastAxis((rows, shape) -> translator.translate(activation, rows, shape, writer));
    }

    /**
     * Writes {@code activation} of {@code x}, a matrix whose rows are examples.
     *
     * @throws UnsupportedNetworkException if the activation, or a setting of it, has no counterpart
     */
    public static SDVariable write(IActivation activation, SDVariable x, long[] shape, GraphWriter writer) {
        return ActivationTranslators.of(activation, writer).translate(activation, x, shape, writer);
    }
}
