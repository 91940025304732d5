package org.dl4jgn.translate;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffLayer;
import org.nd4j.autodiff.samediff.NameScope;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * Layers that users define by SameDiff operations, {@code SameDiffLambdaLayer} among them: their own definition is written into the
 * graph. What it takes are vectors, and operations that have tangent rules. No rows of the Jacobian are formed of them.
 */
final class SameDiffTranslator implements LayerTranslator<SameDiffLayer> {

    @Override
    public Activations translate(SameDiffLayer layer, Activations input, GraphWriter writer) {
        if (input.spatialRank() > 0) {
            throw writer.unsupported(
                    "a layer of SameDiff operations on arrays",
                    Set.of("vectors", "a translator for LayerTranslators.register"));
        }
        if (layer.getIDropout() != null) {
            writer.refuse("dropout of a layer of SameDiff operations", Set.of("a DropoutLayer before it"));
        }
        Map<String, SDVariable> parameters = new LinkedHashMap<>();
        layer.getLayerParams()
                .getParamShapes()
                .forEach((key, shape) -> parameters.put(key, writer.parameter(key, shape)));
        writer.withoutRows();
        int index = writer.layer();
        SDVariable output;
        try (NameScope ignored = writer.graph().withNameScope("own" + index)) {
            output = layer.defineLayer(writer.graph(), input.variable(), parameters, null);
        }
        return input.with(output, width(index, layer, input, writer));
    }

    private static long width(int index, SameDiffLayer layer, Activations input, GraphWriter writer) {
        InputType type = layer.getOutputType(index, InputType.feedForward(input.length()));
        if (type instanceof InputType.InputTypeFeedForward vector && vector.getSize() > 0) {
            return vector.getSize();
        }
        throw writer.unsupported(
                "an output that is no vector (" + type + ", shape " + Arrays.toString(type.getShape()) + ")",
                Set.of("getOutputType that gives InputType.feedForward"));
    }
}
