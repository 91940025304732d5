package org.dl4jgn.graph;

import java.util.Arrays;
import java.util.Set;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.jspecify.annotations.Nullable;

/** What DL4J does between two layers whose arrays have different shapes: moves, all of them. */
final class PreprocessorTranslator {

    private PreprocessorTranslator() {}

    static Activations translate(@Nullable InputPreProcessor preprocessor, Activations input, GraphWriter writer) {
        if (preprocessor == null) {
            return input;
        }
        if (preprocessor instanceof CnnToFeedForwardPreProcessor flatten) {
            return input.spatialRank() == 0 ? input : flatten(flatten, input, writer);
        }
        if (preprocessor instanceof FeedForwardToCnnPreProcessor toImage) {
            return input.spatialRank() > 0
                    ? input
                    : image(input, toImage.getInputHeight(), toImage.getInputWidth(), toImage.getNumChannels(), writer);
        }
        throw writer.unsupported(
                "input preprocessor " + preprocessor.getClass().getSimpleName(),
                Set.of("CnnToFeedForwardPreProcessor", "FeedForwardToCnnPreProcessor"));
    }

    private static Activations flatten(CnnToFeedForwardPreProcessor flatten, Activations input, GraphWriter writer) {
        Formats.require(flatten.getFormat() == CNN2DFormat.NCHW, input, writer);
        long[] expected = {flatten.getInputHeight(), flatten.getInputWidth()};
        long[] actual = Arrays.copyOf(input.shape(), 2);
        if (!Arrays.equals(expected, actual)) {
            throw GeometryException.sizes(expected, actual);
        }
        return input.moved(input::toNetworkOrder, input.length()).renamed(true);
    }

    private static Activations image(Activations input, long height, long width, long channels, GraphWriter writer) {
        input.requireVector(height * width * channels, writer);
        return input.moved(() -> Activations.fromNetworkOrder(true, height, width, channels), height, width, channels)
                .renamed(true);
    }
}
