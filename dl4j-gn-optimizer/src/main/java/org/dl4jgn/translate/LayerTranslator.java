package org.dl4jgn.translate;

import org.deeplearning4j.nn.conf.layers.Layer;

/**
 * Writes one kind of DL4J layer, in training mode, as SameDiff operations that have tangent rules.
 *
 * @param <L> the layer's configuration
 */
interface LayerTranslator<L extends Layer> {

    /**
     * Writes the layer.
     *
     * @param input the layer's input
     * @return its output; for an output layer the pre-activations
     * @throws UnsupportedNetworkException if a setting of the layer is not supported
     * @throws GeometryException if the input's sizes do not go through the layer
     */
    Activations translate(L layer, Activations input, GraphWriter writer);
}
