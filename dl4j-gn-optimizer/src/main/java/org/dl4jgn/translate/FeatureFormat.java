package org.dl4jgn.translate;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.preprocessor.ComposableInputPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnn3DPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;

/**
 * The features that a network takes.
 *
 * <p>Of a network that starts with a convolution DL4J keeps the number of channels, but not the sizes of the images: those
 * are known from a batch.
 *
 * @param pattern shape of an example as DL4J has it; {@link #FREE} for sizes that the network does not determine
 * @param channelsFirst whether channels come before positions
 * @param image the shape in which an example may be given instead of a vector, else empty
 */
public record FeatureFormat(long[] pattern, boolean channelsFirst, long[] image) {

    /** A size that is as large as the features have it. */
    public static final long FREE = -1;

    /** What {@code net} takes. */
    static FeatureFormat of(MultiLayerNetwork net) {
        InputPreProcessor first = firstLink(net.getLayerWiseConfigurations().getInputPreProcess(0));
        if (first instanceof FeedForwardToCnnPreProcessor cnn) {
            long[] image = {cnn.getNumChannels(), cnn.getInputHeight(), cnn.getInputWidth()};
            return new FeatureFormat(new long[] {image[0] * image[1] * image[2]}, true, image);
        }
        if (first instanceof FeedForwardToCnn3DPreProcessor cnn) {
            boolean channelsFirst = cnn.isNCDHW();
            long[] image = channelsFirst
                    ? new long[] {cnn.getNumChannels(), cnn.getInputDepth(), cnn.getInputHeight(), cnn.getInputWidth()}
                    : new long[] {cnn.getInputDepth(), cnn.getInputHeight(), cnn.getInputWidth(), cnn.getNumChannels()};
            return new FeatureFormat(new long[] {Arrays.stream(image).reduce(1, (a, b) -> a * b)}, true, image);
        }
        long n = inputSize(net);
        for (int i = 0; i < net.getnLayers(); i++) {
            Layer layer = net.getLayerWiseConfigurations().getConf(i).getLayer();
            int rank = Formats.positions(layer);
            if (rank > 0) {
                return arrays(rank, Formats.isChannelsFirst(layer), n);
            }
            if (layer instanceof EmbeddingLayer) {
                return new FeatureFormat(new long[] {1}, true, new long[0]);
            }
            if (layer instanceof FeedForwardLayer && !(layer instanceof BatchNormalization)) {
                break;
            }
        }
        return new FeatureFormat(new long[] {n}, true, new long[0]);
    }

    private static @Nullable InputPreProcessor firstLink(@Nullable InputPreProcessor preprocessor) {
        return preprocessor instanceof ComposableInputPreProcessor chain && chain.getInputPreProcessors().length > 0
                ? firstLink(chain.getInputPreProcessors()[0])
                : preprocessor;
    }

    private static FeatureFormat arrays(int rank, boolean channelsFirst, long channels) {
        long[] pattern = new long[rank + 1];
        Arrays.fill(pattern, FREE);
        pattern[channelsFirst ? 0 : rank] = channels;
        return new FeatureFormat(pattern, channelsFirst, new long[0]);
    }

    /** Inputs or channels: layers without parameters before the first that has a number of inputs do not change it. */
    private static long inputSize(MultiLayerNetwork net) {
        for (int i = 0; i < net.getnLayers(); i++) {
            if (net.getLayerWiseConfigurations().getConf(i).getLayer() instanceof FeedForwardLayer sized
                    && sized.getNIn() > 0) {
                return sized.getNIn();
            }
        }
        throw new UnsupportedNetworkException("The network has no layer with a known number of inputs.");
    }

    /** Whether the network determines all sizes. */
    public boolean isFixed() {
        return LongStream.of(pattern).noneMatch(size -> size == FREE);
    }

    /** Number of sizes that the network does not determine. */
    int freeSizes() {
        return (int) LongStream.of(pattern).filter(size -> size == FREE).count();
    }

    /** The shape of an example with the given sizes in place of the free ones. */
    long[] with(long... sizes) {
        long[] shape = pattern.clone();
        for (int i = 0, next = 0; i < shape.length; i++) {
            if (shape[i] == FREE) {
                shape[i] = sizes[next++];
            }
        }
        return shape;
    }

    /**
     * The shape of an example of {@code features}.
     *
     * @param features shape of a batch, as DL4J has it
     * @throws IllegalArgumentException if the network does not take it
     */
    public long[] example(long[] features) {
        if (matches(pattern, features)) {
            return Arrays.copyOfRange(features, 1, features.length);
        }
        if (image.length > 0 && matches(image, features)) {
            return pattern.clone();
        }
        throw new IllegalArgumentException("Features must have shape " + describe(pattern)
                + (image.length > 0 ? " or " + describe(image) : "") + ", got " + Arrays.toString(features));
    }

    private static boolean matches(long[] pattern, long[] features) {
        if (features.length != pattern.length + 1) {
            return false;
        }
        for (int i = 0; i < pattern.length; i++) {
            if (pattern[i] != FREE && pattern[i] != features[i + 1]) {
                return false;
            }
        }
        return true;
    }

    private static String describe(long[] pattern) {
        return LongStream.of(pattern)
                .mapToObj(size -> size == FREE ? "any" : String.valueOf(size))
                .collect(Collectors.joining(", ", "[batch, ", "]"));
    }
}
