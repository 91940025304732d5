package org.dl4jgn.graph;

import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.autodiff.samediff.SDVariable;

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
     * @param inputShape its shape
     * @return output and its shape; for an output layer the pre-activations
     * @throws UnsupportedNetworkException if a setting of the layer is not supported
     */
    Activations translate(L layer, SDVariable input, long[] inputShape, GraphWriter writer);

    /** A layer's output. */
    record Activations(SDVariable variable, long[] shape) {}
}
