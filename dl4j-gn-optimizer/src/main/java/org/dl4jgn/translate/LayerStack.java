package org.dl4jgn.translate;

import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Layers one after the other, as DL4J configures them: all that a translation needs to know of a network.
 *
 * @param layers the layers
 * @param preprocessors what comes before each of them
 * @param type the type of parameters and activations
 * @param parameterCount d
 * @param carriesState whether recurrent layers go on where the last batch ended, as truncated backpropagation has it
 */
record LayerStack(
        List<Layer> layers,
        List<Optional<InputPreProcessor>> preprocessors,
        DataType type,
        long parameterCount,
        boolean carriesState) {

    LayerStack {
        layers = List.copyOf(layers);
        preprocessors = List.copyOf(preprocessors);
    }

    int size() {
        return layers.size();
    }

    /** How messages name a layer. */
    String describe(int index) {
        return GraphWriter.describe(index, layers.get(index));
    }
}
