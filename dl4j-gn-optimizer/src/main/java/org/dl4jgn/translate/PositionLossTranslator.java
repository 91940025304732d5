package org.dl4jgn.translate;

import java.util.Arrays;
import java.util.Set;
import java.util.function.Predicate;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.layers.Cnn3DLossLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;

/** A loss layer of images or volumes: its input is z, one row for each position. */
final class PositionLossTranslator<L extends FeedForwardLayer> implements LayerTranslator<L> {

    private final int dimensions;
    private final Predicate<L> channelsFirst;

    private PositionLossTranslator(int dimensions, Predicate<L> channelsFirst) {
        this.dimensions = dimensions;
        this.channelsFirst = channelsFirst;
    }

    static PositionLossTranslator<CnnLossLayer> ofImages() {
        return new PositionLossTranslator<>(2, layer -> layer.getFormat() == CNN2DFormat.NCHW);
    }

    static PositionLossTranslator<Cnn3DLossLayer> ofVolumes() {
        return new PositionLossTranslator<>(3, layer -> layer.getDataFormat() == Convolution3D.DataFormat.NCDHW);
    }

    @Override
    public Activations translate(L layer, Activations input, GraphWriter writer) {
        if (layer.getIDropout() != null) {
            throw writer.unsupported(
                    "dropout on a loss layer, which DL4J itself ignores,", Set.of("a DropoutLayer before it"));
        }
        input.requirePositions(dimensions, writer);
        Formats.require(channelsFirst.test(layer), input, writer);
        if (Arrays.stream(input.shape()).anyMatch(size -> size <= 0)) {
            throw new GeometryException("no position is left");
        }
        return input;
    }

    @Override
    public long inputs(L layer) {
        return 0;
    }
}
