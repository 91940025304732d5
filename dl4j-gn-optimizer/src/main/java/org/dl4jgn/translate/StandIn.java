package org.dl4jgn.translate;

import java.util.Arrays;
import java.util.Optional;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.autodiff.samediff.SDVariable;

/** What stands for the output of a layer that was refused, so that the layers behind it are looked at as well. */
final class StandIn {

    private StandIn() {}

    /** Activations of the shape that DL4J says the layer gives; empty where it does not. */
    static Optional<Activations> behind(int index, Layer layer, Activations input, GraphWriter writer) {
        InputType type;
        try {
            type = layer.getOutputType(index, typeOf(input));
        } catch (RuntimeException e) {
            return Optional.empty(); // of layers that do not go together DL4J complains in many ways
        }
        return shape(type, input)
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

    private static InputType typeOf(Activations input) {
        long[] shape = input.shape();
        boolean first = input.channelsFirst();
        return switch (input.spatialRank()) {
            case 0 -> InputType.feedForward(shape[0]);
            case 1 -> InputType.recurrent(shape[1], shape[0], first ? RNNFormat.NCW : RNNFormat.NWC);
            case 2 ->
                InputType.convolutional(shape[0], shape[1], shape[2], first ? CNN2DFormat.NCHW : CNN2DFormat.NHWC);
            default ->
                InputType.convolutional3D(
                        first ? Convolution3D.DataFormat.NCDHW : Convolution3D.DataFormat.NDHWC,
                        shape[0],
                        shape[1],
                        shape[2],
                        shape[3]);
        };
    }

    /** Channels last. */
    private static Optional<long[]> shape(InputType type, Activations input) {
        if (type instanceof InputType.InputTypeFeedForward vector) {
            return Optional.of(new long[] {vector.getSize()});
        }
        if (type instanceof InputType.InputTypeRecurrent sequence) {
            long steps = sequence.getTimeSeriesLength() > 0 ? sequence.getTimeSeriesLength() : input.shape()[0];
            return Optional.of(new long[] {steps, sequence.getSize()});
        }
        if (type instanceof InputType.InputTypeConvolutional image) {
            return Optional.of(new long[] {image.getHeight(), image.getWidth(), image.getChannels()});
        }
        if (type instanceof InputType.InputTypeConvolutional3D volume) {
            return Optional.of(
                    new long[] {volume.getDepth(), volume.getHeight(), volume.getWidth(), volume.getChannels()});
        }
        return Optional.empty();
    }
}
