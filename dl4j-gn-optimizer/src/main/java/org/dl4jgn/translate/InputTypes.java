package org.dl4jgn.translate;

import java.util.Optional;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution3D;

/** What DL4J says of activations: the type of a layer's input, from which its settings tell the type of its output. */
final class InputTypes {

    private InputTypes() {}

    /** The type of activations. */
    static InputType of(Activations input) {
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

    /**
     * The shape of an example, channels last; steps that the type leaves open are those of the layer's input.
     */
    static Optional<long[]> shape(InputType type, Activations input) {
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
