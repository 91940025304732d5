package org.dl4jgn.translate;

import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;

/**
 * Writes one kind of DL4J layer, in training mode, as SameDiff operations that have tangent rules.
 *
 * @param <L> the layer's configuration
 */
@FunctionalInterface
public interface LayerTranslator<L extends Layer> {

    /**
     * Writes the layer: declares its parameters in DL4J's order by {@link GraphWriter#parameter}, how they enter by {@link
     * GraphWriter#affine}, {@link GraphWriter#convolution} or else {@link GraphWriter#withoutRows}, and the operations on
     * {@link GraphWriter#graph}. Called with no examples ({@link Activations#isOutline}) it says what shape comes out; its
     * operations are not run then.
     *
     * @param layer its settings; those that are not supported have to be refused, see {@link GraphWriter#unsupported}
     * @param input the layer's input
     * @return its output; for an output layer the pre-activations
     * @throws UnsupportedNetworkException if a setting of the layer is not supported
     * @throws GeometryException if the input's sizes do not go through the layer
     */
    Activations translate(L layer, Activations input, GraphWriter writer);

    /** Elements of the vectors that the layer takes, by which the network's features are known; 0 if it takes any array. */
    default long inputs(L layer) {
        return layer instanceof FeedForwardLayer sized ? sized.getNIn() : 0;
    }
}
