package org.dl4jgn.translate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.CapsuleLayer;
import org.deeplearning4j.nn.conf.layers.CapsuleStrengthLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.SpaceToDepthLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffLayer;
import org.deeplearning4j.nn.conf.preprocessor.Cnn3DToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.ComposableInputPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnn3DPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.RnnToCnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.RnnToFeedForwardPreProcessor;
import org.jspecify.annotations.Nullable;

/**
 * The shapes of features that the first layers of a network speak for.
 *
 * <p>A network does not say what it takes. Its layers are read from the first on, each of which may tell the number of
 * dimensions, the place of the channels, their number, or sizes, until one turns the input into something else; what is
 * not told by then is free. Whether such features go through all layers is another question.
 */
final class InputShapes {

    private static final int ANY = -1;

    private final List<FeatureShape> alternatives = new ArrayList<>();
    private int positions = ANY;
    private @Nullable Boolean channelsFirst;
    private boolean channelsFirstOfImages = true;
    private long channels = FeatureShape.FREE;
    /** Positions of the input that have become channels of one. */
    private long squares = 1;

    private long @Nullable [] sizes;
    private long @Nullable [] whole;
    private boolean resized;
    private boolean pooled;

    private InputShapes() {}

    /** The shapes, likeliest first. */
    static List<FeatureShape> of(LayerStack stack) {
        InputShapes shapes = new InputShapes();
        for (int i = 0; i < stack.size(); i++) {
            if (!shapes.goesOnBehind(stack.preprocessors().get(i))
                    || !shapes.goesOnBehind(stack.layers().get(i))) {
                break;
            }
        }
        return shapes.result();
    }

    private boolean goesOnBehind(Optional<InputPreProcessor> preprocessor) {
        return preprocessor.isEmpty() || goesOnBehind(preprocessor.get());
    }

    private boolean goesOnBehind(InputPreProcessor preprocessor) {
        if (preprocessor instanceof ComposableInputPreProcessor chain) {
            return Arrays.stream(chain.getInputPreProcessors()).allMatch(this::goesOnBehind);
        }
        if (preprocessor instanceof FeedForwardToCnnPreProcessor to) {
            return unflattened(true, to.getNumChannels(), to.getInputHeight(), to.getInputWidth());
        }
        if (preprocessor instanceof FeedForwardToCnn3DPreProcessor to) {
            return unflattened(
                    to.isNCDHW(), to.getNumChannels(), to.getInputDepth(), to.getInputHeight(), to.getInputWidth());
        }
        if (preprocessor instanceof CnnToFeedForwardPreProcessor to) {
            return flattened(
                    to.getFormat() == CNN2DFormat.NCHW, to.getNumChannels(), to.getInputHeight(), to.getInputWidth());
        }
        if (preprocessor instanceof Cnn3DToFeedForwardPreProcessor to) {
            return flattened(
                    to.isNCDHW(), to.getNumChannels(), to.getInputDepth(), to.getInputHeight(), to.getInputWidth());
        }
        if (preprocessor instanceof RnnToFeedForwardPreProcessor fold) {
            return pooled || sequence(fold.getRnnDataFormat() != RNNFormat.NWC);
        }
        if (preprocessor instanceof RnnToCnnPreProcessor to) {
            sequence(to.getRnnDataFormat() != RNNFormat.NWC);
            channels = (long) to.getInputHeight() * to.getInputWidth() * to.getNumChannels();
        }
        return false;
    }

    private boolean sequence(boolean first) {
        positions = positions == ANY && !pooled ? 1 : positions;
        channelsFirst = channelsFirst == null ? first : channelsFirst;
        return true;
    }

    /** Vectors become arrays; DL4J leaves arrays as they are. */
    private boolean unflattened(boolean first, long c, long... size) {
        long length = c * product(size);
        if (pooled) {
            channels = length;
        } else if (positions == ANY || positions == 0) {
            channels = length;
            if (positions == ANY) {
                alternatives.add(FeatureShape.of(first, c, size));
            }
            positions = 0;
        } else {
            channels = c;
        }
        return false;
    }

    /** Arrays become vectors; DL4J leaves vectors as they are. */
    private boolean flattened(boolean first, long c, long... size) {
        if (positions == 0) {
            return true;
        }
        boolean told = c > 0;
        if (positions == ANY && !pooled && told) {
            alternatives.add(FeatureShape.vector(c * product(size)));
        }
        if (!pooled) {
            positions = positions == ANY ? size.length : positions;
            sizes = sizes == null && !resized && told ? size : sizes;
        }
        channelsFirst = channelsFirst == null ? first : channelsFirst;
        channels = told ? c / squares : channels;
        return false;
    }

    private boolean goesOnBehind(Layer layer) {
        if (layer instanceof FrozenLayer frozen) {
            return goesOnBehind(frozen.getLayer());
        }
        if (layer instanceof FrozenLayerWithBackprop frozen) {
            return goesOnBehind(frozen.getUnderlying());
        }
        if (layer instanceof BatchNormalization normalization) {
            channels = normalization.getNOut() / squares;
            channelsFirstOfImages = normalization.getCnn2DFormat() == CNN2DFormat.NCHW;
            return true;
        }
        if (layer instanceof PReLULayer prelu) {
            return goesOnBehind(prelu);
        }
        if (layer instanceof GlobalPoolingLayer pooling) {
            return goesOnBehind(pooling);
        }
        if (layer instanceof EmbeddingSequenceLayer) {
            channels = 1;
            alternatives.add(FeatureShape.vector(FeatureShape.FREE));
            sequence(true);
            return false;
        }
        if (layer instanceof CapsuleLayer capsules) {
            sequence(true);
            channels = capsules.getInputCapsules();
            sizes = resized || pooled ? sizes : new long[] {capsules.getInputCapsuleDimensions()};
            return false;
        }
        if (layer instanceof CapsuleStrengthLayer) {
            sequence(true);
            pooled = true;
            return true;
        }
        if (Formats.isRecurrent(layer)) {
            sequence(Formats.isChannelsFirst(layer));
            long inputs = LayerTranslators.inputs(layer);
            channels = inputs > 0 ? inputs : channels;
            return inputs == 0;
        }
        if (Formats.positions(layer) > 0) {
            if (!pooled && positions == ANY) {
                positions = Formats.positions(layer);
            }
            channelsFirst = channelsFirst == null ? Formats.isChannelsFirst(layer) : channelsFirst;
            boolean sized = resized;
            resized |= !(layer instanceof LocalResponseNormalization);
            if (layer instanceof ConvolutionLayer convolution) {
                channels = convolution.getNIn() / squares;
                return false;
            }
            if (layer instanceof SameDiffLayer) {
                long[] own = SameDiffTranslator.sizes(layer);
                sizes = sizes == null && own.length > 0 && !pooled && !sized ? own : sizes;
                channels = LayerTranslators.inputs(layer) / squares;
                return false;
            }
            if (layer instanceof SpaceToDepthLayer depth) {
                squares *= (long) depth.getBlockSize() * depth.getBlockSize();
            }
            return true;
        }
        long inputs = LayerTranslators.inputs(layer);
        if (inputs > 0) {
            channels = channels == FeatureShape.FREE ? inputs : channels;
            positions = positions == ANY && !pooled ? 0 : positions;
            return false;
        }
        return true;
    }

    private boolean goesOnBehind(PReLULayer prelu) {
        long[] shape = prelu.getInputShape().clone();
        if (prelu.getSharedAxes() != null) {
            Arrays.stream(prelu.getSharedAxes()).forEach(axis -> shape[(int) axis - 1] = FeatureShape.FREE);
        }
        if (pooled || resized) {
            return true;
        }
        positions = positions == ANY ? shape.length - 1 : positions;
        whole = shape;
        return true;
    }

    private boolean goesOnBehind(GlobalPoolingLayer pooling) {
        int[] dimensions = pooling.getPoolingDimensions();
        if (!pooled && dimensions != null) {
            positions = positions == ANY ? dimensions.length : positions;
            channelsFirst = channelsFirst == null ? dimensions[0] == 2 : channelsFirst;
        }
        pooled = true;
        return true;
    }

    private List<FeatureShape> result() {
        List<FeatureShape> result = new ArrayList<>();
        if (positions == ANY) {
            for (int n = pooled ? 1 : 0; n <= (pooled ? 3 : 0); n++) {
                result.add(shape(n));
            }
        } else {
            result.add(shape(positions));
        }
        result.addAll(alternatives);
        return result;
    }

    private FeatureShape shape(int dimensions) {
        if (whole != null && whole.length == dimensions + 1) {
            return new FeatureShape(whole, first(dimensions));
        }
        if (sizes != null && sizes.length == dimensions) {
            return FeatureShape.of(first(dimensions), channels, sizes);
        }
        long[] free = new long[dimensions];
        Arrays.fill(free, FeatureShape.FREE);
        return FeatureShape.of(first(dimensions), channels, free);
    }

    private boolean first(int dimensions) {
        if (channelsFirst != null) {
            return channelsFirst;
        }
        return dimensions != 2 || channelsFirstOfImages;
    }

    private static long product(long[] size) {
        return Arrays.stream(size).reduce(1, (a, b) -> a * b);
    }
}
