package org.dl4jgn.translate;

import java.util.Arrays;
import java.util.Set;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.preprocessor.Cnn3DToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.CnnToRnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.ComposableInputPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnn3DPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToRnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.RnnToCnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.RnnToFeedForwardPreProcessor;

/** What DL4J does between two layers whose arrays have different shapes: moves, all of them. */
final class PreprocessorTranslator {

    private PreprocessorTranslator() {}

    static Activations translate(InputPreProcessor preprocessor, Activations input, GraphWriter writer) {
        if (preprocessor instanceof CnnToFeedForwardPreProcessor flatten) {
            return input.spatialRank() == 0 ? input : flatten(flatten, input, writer);
        }
        if (preprocessor instanceof FeedForwardToCnnPreProcessor toImage) {
            return input.spatialRank() > 0
                    ? input
                    : image(input, toImage.getInputHeight(), toImage.getInputWidth(), toImage.getNumChannels(), writer);
        }
        if (preprocessor instanceof Cnn3DToFeedForwardPreProcessor flatten) {
            return input.spatialRank() == 0 ? input : flatten(flatten, input, writer);
        }
        if (preprocessor instanceof FeedForwardToCnn3DPreProcessor toVolume) {
            return input.spatialRank() > 0 ? input : volume(toVolume, input, writer);
        }
        if (preprocessor instanceof ComposableInputPreProcessor chain) {
            Activations current = input;
            for (InputPreProcessor link : chain.getInputPreProcessors()) {
                current = translate(link, current, writer);
            }
            return current;
        }
        if (preprocessor instanceof RnnToFeedForwardPreProcessor fold) {
            // DL4J puts one behind global pooling of sequences, where it has nothing to do
            return input.spatialRank() == 0 ? input : folded(fold.getRnnDataFormat(), input, writer);
        }
        if (preprocessor instanceof FeedForwardToRnnPreProcessor unfold) {
            return input.spatialRank() > 0 ? input : input.unfolded(isChannelsFirst(unfold.getRnnDataFormat()));
        }
        if (preprocessor instanceof RnnToCnnPreProcessor toImage) {
            refuseMask(input, writer);
            return image(
                    folded(toImage.getRnnDataFormat(), input, writer),
                    toImage.getInputHeight(),
                    toImage.getInputWidth(),
                    toImage.getNumChannels(),
                    writer);
        }
        if (preprocessor instanceof CnnToRnnPreProcessor unfold) {
            return flatten(input, writer, unfold.getInputHeight(), unfold.getInputWidth())
                    .unfolded(isChannelsFirst(unfold.getRnnDataFormat()));
        }
        throw writer.unsupported(
                "input preprocessor " + preprocessor.getClass().getSimpleName(),
                Set.of(
                        "CnnToFeedForwardPreProcessor",
                        "FeedForwardToCnnPreProcessor",
                        "Cnn3DToFeedForwardPreProcessor",
                        "FeedForwardToCnn3DPreProcessor",
                        "RnnToFeedForwardPreProcessor",
                        "FeedForwardToRnnPreProcessor",
                        "RnnToCnnPreProcessor",
                        "CnnToRnnPreProcessor",
                        "ComposableInputPreProcessor of these"));
    }

    private static boolean isChannelsFirst(RNNFormat format) {
        return format != RNNFormat.NWC;
    }

    private static Activations folded(RNNFormat format, Activations input, GraphWriter writer) {
        input.requireSteps(writer);
        Formats.require(isChannelsFirst(format), input, writer);
        return input.folded();
    }

    private static void refuseMask(Activations input, GraphWriter writer) {
        if (input.mask() != null) {
            throw writer.unsupported(
                    "a mask of features that are convolved step by step", Set.of("sequences without such a mask"));
        }
    }

    private static Activations flatten(CnnToFeedForwardPreProcessor flatten, Activations input, GraphWriter writer) {
        Formats.require(flatten.getFormat() == CNN2DFormat.NCHW, input, writer);
        return flatten(input, writer, flatten.getInputHeight(), flatten.getInputWidth());
    }

    private static Activations flatten(Cnn3DToFeedForwardPreProcessor flatten, Activations input, GraphWriter writer) {
        long takenForChannels = flatten.isNCDHW() ? flatten.getInputDepth() : flatten.getInputWidth();
        // DL4J takes what comes from layers of NCDHW for NDHWC, does not notice if these agree, and flattens what is
        // there
        if (takenForChannels != flatten.getNumChannels()) {
            Formats.require(flatten.isNCDHW(), input, writer);
        }
        return flatten(input, writer, flatten.getInputDepth(), flatten.getInputHeight(), flatten.getInputWidth());
    }

    private static Activations flatten(Activations input, GraphWriter writer, long... expected) {
        input.requirePositions(expected.length, writer);
        long[] actual = Arrays.copyOf(input.shape(), expected.length);
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

    private static Activations volume(FeedForwardToCnn3DPreProcessor to, Activations input, GraphWriter writer) {
        long[] shape = {to.getInputDepth(), to.getInputHeight(), to.getInputWidth(), to.getNumChannels()};
        input.requireVector(Arrays.stream(shape).reduce(1, (a, b) -> a * b), writer);
        return input.moved(() -> Activations.fromNetworkOrder(to.isNCDHW(), shape), shape)
                .renamed(to.isNCDHW());
    }
}
