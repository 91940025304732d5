package org.dl4jgn.translate;

import java.util.Arrays;
import java.util.Set;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.Subsampling1DLayer;
import org.deeplearning4j.nn.conf.layers.Subsampling3DLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;

/** Pooling of windows and of whole examples. DL4J ignores dropout on it, and so does this. */
final class PoolingTranslators {

    private PoolingTranslators() {}

    static Activations ofSequences(Subsampling1DLayer layer, Activations input, GraphWriter writer) {
        Formats.require(true, input, writer);
        return ofWindows(layer, 1, input, writer);
    }

    static Activations ofImages(SubsamplingLayer layer, Activations input, GraphWriter writer) {
        Formats.require(layer.getCnn2dDataFormat() == CNN2DFormat.NCHW, input, writer);
        return ofWindows(layer, 2, input, writer);
    }

    private static Activations ofWindows(
            SubsamplingLayer layer, int dimensions, Activations input, GraphWriter writer) {
        input.requirePositions(dimensions, writer);
        Windows windows = Windows.over(
                input,
                Arrays.copyOf(layer.getKernelSize(), dimensions),
                Arrays.copyOf(layer.getStride(), dimensions),
                Arrays.copyOf(layer.getDilation(), dimensions),
                Arrays.copyOf(layer.getPadding(), dimensions),
                Formats.border(layer.getConvolutionMode()));
        PoolingWriter pooling = new PoolingWriter(writer, input, windows);
        return switch (layer.getPoolingType()) {
            case MAX -> pooling.maximum();
            case AVG -> pooling.mean(layer.isAvgPoolIncludePadInDivisor());
            case SUM -> throw refused(PoolingType.SUM, writer);
            case PNORM -> pooling.norm(layer.getPnorm());
        };
    }

    static Activations ofVolumes(Subsampling3DLayer layer, Activations input, GraphWriter writer) {
        Formats.require(layer.getDataFormat() == Convolution3D.DataFormat.NCDHW, input, writer);
        input.requirePositions(3, writer);
        Windows windows = Windows.over(
                input,
                layer.getKernelSize(),
                layer.getStride(),
                layer.getDilation(),
                layer.getPadding(),
                Formats.border(layer.getConvolutionMode()));
        PoolingWriter pooling = new PoolingWriter(writer, input, windows);
        return switch (layer.getPoolingType()) {
            case MAX -> pooling.maximum();
            case AVG -> pooling.mean(false);
            default -> throw refused(layer.getPoolingType(), writer);
        };
    }

    private static UnsupportedNetworkException refused(PoolingType type, GraphWriter writer) {
        return writer.unsupported(
                "pooling of type " + type + ", which DL4J itself refuses here,", Set.of("MAX", "AVG"));
    }

    /** One window over all positions; the result is a vector for each example, or keeps dimensions of size one. */
    static Activations global(GlobalPoolingLayer layer, Activations input, GraphWriter writer) {
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
