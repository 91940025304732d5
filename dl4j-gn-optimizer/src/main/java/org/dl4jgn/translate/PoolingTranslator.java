package org.dl4jgn.translate;

import java.util.Arrays;
import java.util.Set;
import java.util.function.Function;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;

/**
 * Pooling of windows of sequences and images. DL4J ignores dropout on it, and so does this.
 *
 * @param <L> the layer
 */
final class PoolingTranslator<L extends SubsamplingLayer> implements LayerTranslator<L> {

    private final int dimensions;
    private final Function<L, Boolean> channelsFirst;

    PoolingTranslator(int dimensions, Function<L, Boolean> channelsFirst) {
        this.dimensions = dimensions;
        this.channelsFirst = channelsFirst;
    }

    @Override
    public Activations translate(L layer, Activations input, GraphWriter writer) {
        Formats.require(channelsFirst.apply(layer), input, writer);
        input.requirePositions(dimensions, writer);
        Windows windows = Windows.over(
                input,
                Arrays.copyOf(layer.getKernelSize(), dimensions),
                Arrays.copyOf(layer.getStride(), dimensions),
                Arrays.copyOf(layer.getDilation(), dimensions),
                Arrays.copyOf(layer.getPadding(), dimensions),
                Formats.borderOfPooling(layer.getConvolutionMode()));
        PoolingWriter pooling = new PoolingWriter(writer, input, windows);
        return switch (layer.getPoolingType()) {
            case MAX -> pooling.maximum();
            case AVG -> pooling.mean(layer.isAvgPoolIncludePadInDivisor());
            case SUM ->
                throw writer.unsupported(
                        "pooling of type SUM, which DL4J itself refuses here,", Set.of("MAX", "AVG", "PNORM"));
            case PNORM -> pooling.norm(layer.getPnorm());
        };
    }
}
