package org.dl4jgn.translate;

import java.util.Arrays;
import java.util.Set;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.nd4j.autodiff.samediff.SDVariable;

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
        Activations pooled = n == 1 && input.mask() != null && !input.isOutline()
                ? ofSteps(layer, input, input.mask(), whole, writer)
                : ofAll(layer, input, whole, writer);
        return layer.isCollapseDimensions()
                ? pooled.with(pooled.variable(), input.channels()).renamed(true)
                : pooled;
    }

    private static Activations ofAll(GlobalPoolingLayer layer, Activations input, Windows whole, GraphWriter writer) {
        PoolingWriter pooling = new PoolingWriter(writer, input, whole);
        return switch (layer.getPoolingType()) {
            case MAX -> pooling.maximum();
            case AVG -> pooling.mean(true);
            case SUM -> pooling.sum();
            case PNORM -> pooling.norm(layer.getPnorm());
        };
    }

    /** Pooling of the steps that are there: a mean is over these, and no maximum is found at a masked one. */
    private static Activations ofSteps(
            GlobalPoolingLayer layer, Activations input, SDVariable mask, Windows whole, GraphWriter writer) {
        if (layer.getPoolingType() == PoolingType.MAX) {
            SDVariable lowered = input.acrossChannels(mask.sub(1.0).mul(OUT_OF_REACH));
            return ofAll(layer, input.with(input.variable().add(lowered)), whole, writer);
        }
        Activations pooled = ofAll(layer, input.masked(), whole, writer);
        if (layer.getPoolingType() != PoolingType.AVG) {
            return pooled;
        }
        long steps = input.positions();
        SDVariable count = SequenceMoves.summed(input.with(mask, steps, 1)).variable();
        return pooled.with(pooled.variable().mul(count.rdiv(steps)));
    }

    private static final double OUT_OF_REACH = 1e30;

    /** The dimensions of DL4J's array that are positions. */
    private static int[] positions(Activations input) {
        int[] dimensions = new int[input.spatialRank()];
        Arrays.setAll(dimensions, i -> i + (input.channelsFirst() ? 2 : 1));
        return dimensions;
    }
}
