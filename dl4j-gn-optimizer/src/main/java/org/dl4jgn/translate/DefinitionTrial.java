package org.dl4jgn.translate;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffLayer;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A layer's definition, computed for one example of zeros with parameters that are zeros, in a graph of its own: what shape the
 * layer's output has, whatever the layer says. SameDiff knows shapes only of what is computed.
 */
final class DefinitionTrial {

    private static final String INPUT = "input";

    private DefinitionTrial() {}

    /**
     * The shape of the output.
     *
     * @param input the shape of one example in DL4J's array, [1, ...]
     * @return none where the definition cannot be computed for zeros, which says nothing of what it makes of a batch
     */
    static Optional<long[]> outputShape(SameDiffLayer layer, long[] input, DataType type) {
        try {
            SameDiff graph = SameDiff.create();
            Map<String, SDVariable> parameters = new HashMap<>();
            layer.getLayerParams()
                    .getParamShapes()
                    .forEach((key, sizes) -> parameters.put(key, graph.var(key, Nd4j.zeros(type, sizes))));
            SDVariable output = layer.defineLayer(graph, graph.placeHolder(INPUT, type, input), parameters, null);
            return Optional.of(
                    output.eval(Map.of(INPUT, Nd4j.zeros(type, input))).shape());
        } catch (RuntimeException e) { // of ND4J, or the user's own
            return Optional.empty();
        }
    }
}
