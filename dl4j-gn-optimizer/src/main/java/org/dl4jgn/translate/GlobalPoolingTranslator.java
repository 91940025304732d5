package org.dl4jgn.translate;

import java.util.Arrays;
import java.util.Set;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;

/**
 * Pooling of one window over all positions; the result is a vector for each example, or keeps dimensions of size one. DL4J
 * ignores dropout on it, and so does this.
 */
final class GlobalPoolingTranslator implements LayerTranslator<GlobalPoolingLayer> {

    @Override
    public Activations translate(GlobalPoolingLayer layer, Activations input, GraphWriter writer) {
        int n = input.spatialRank();
        if (n == 0) {
            throw writer.unsupported("global pooling of vectors", Set.of("sequences, images and volumes"));
        }
        int[] dimensions = layer.getPoolingDimensions();
        if (dimensions != null ? !Arrays.equals(dimensions, positions(input)) : !input.channelsFirst()) {
            throw writer.unsupported(
                    "global pooling over dimensions " + Arrays.toString(dimensions),
                    Set.of("all dimensions but those of examples and channels"));
        }
        long[] sizes = Arrays.copyOf(input.shape(), n);
        if (Arrays.stream(sizes).anyMatch(size -> size == Windows.NO_FIT)) {
            throw GeometryException.sizes(
                    Arrays.stream(sizes).map(s -> Math.max(s, 0)).toArray(), sizes);
        }
        int[] kernel = Arrays.stream(sizes).mapToInt(Math::toIntExact).toArray();
        int[] ones = new int[n];
        Arrays.fill(ones, 1);
        Windows whole = Windows.over(input, kernel, ones, ones, new int[n], Windows.Border.TRUNCATE);
        PoolingWriter pooling = new PoolingWriter(writer, input, whole);
        Activations pooled = switch (layer.getPoolingType()) {
            case MAX -> pooling.maximum();
            case AVG -> pooling.mean(true);
            case SUM -> pooling.sum();
            case PNORM -> pooling.norm(layer.getPnorm());
        };
        return layer.isCollapseDimensions()
                ? pooled.with(pooled.variable(), input.channels()).renamed(true)
                : pooled;
    }

    /** The dimensions of DL4J's array that are positions. */
    private static int[] positions(Activations input) {
        int[] dimensions = new int[input.spatialRank()];
        Arrays.setAll(dimensions, i -> i + (input.channelsFirst() ? 2 : 1));
        return dimensions;
    }
}
