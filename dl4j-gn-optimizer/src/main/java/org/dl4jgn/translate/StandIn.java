package org.dl4jgn.translate;

import java.util.Arrays;
import java.util.Optional;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.autodiff.samediff.SDVariable;

/** What stands for the output of a layer that was refused, so that the layers behind it are looked at as well. */
final class StandIn {

    private StandIn() {}

    /** Activations of the shape that DL4J says the layer gives; empty where it does not. */
    static Optional<Activations> behind(int index, Layer layer, Activations input, GraphWriter writer) {
        InputType type;
        try {
            type = layer.getOutputType(index, InputTypes.of(input));
        } catch (RuntimeException e) {
            return Optional.empty(); // of layers that do not go together DL4J complains in many ways
        }
        return InputTypes.shape(type, input)
                .filter(shape -> Arrays.stream(shape).allMatch(size -> size > 0))
                .map(shape -> {
                    long channels = shape[shape.length - 1];
                    long rows = 1;
                    for (int i = 0; i < shape.length - 1; i++) {
                        rows *= shape[i];
                    }
                    SDVariable variable =
                            writer.graph().placeHolder("standin" + index, input.type(), input.batch() * rows, channels);
                    return Activations.of(writer.graph(), variable, input.batch(), input.channelsFirst(), shape);
                });
    }
}
