package org.dl4jgn.translate;

import java.util.Locale;
import java.util.Set;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.BaseRecurrentLayer;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LearnedSelfAttentionLayer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.LocallyConnected2D;
import org.deeplearning4j.nn.conf.layers.PrimaryCapsules;
import org.deeplearning4j.nn.conf.layers.RecurrentAttentionLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SelfAttentionLayer;
import org.deeplearning4j.nn.conf.layers.SpaceToDepthLayer;
import org.deeplearning4j.nn.conf.layers.Subsampling1DLayer;
import org.deeplearning4j.nn.conf.layers.Subsampling3DLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling3D;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;
import org.deeplearning4j.util.ConvolutionUtils;
import org.deeplearning4j.util.TimeSeriesUtils;

/** What the settings of DL4J's convolutional layers mean here. */
final class Formats {

    private Formats() {}

    static Windows.Border border(ConvolutionMode mode) {
        return Windows.Border.valueOf(mode.name().toUpperCase(Locale.ROOT));
    }

    /** The same for pooling. */
    static Windows.Border borderOfPooling(ConvolutionMode mode) {
        return mode == ConvolutionMode.Truncate ? Windows.Border.CLIP : border(mode);
    }

    /** The dimensions beside examples and channels of the arrays that a layer takes; 0 for one that takes any array. */
    static int positions(Layer layer) {
        String name = layer.getClass().getSimpleName();
        if (layer instanceof Convolution1DLayer
                || layer instanceof Subsampling1DLayer
                || ONE_DIMENSION.contains(name)) {
            return 1;
        }
        if (layer instanceof Convolution3D || THREE_DIMENSIONS.contains(name)) {
            return 3;
        }
        return layer instanceof ConvolutionLayer || layer instanceof SubsamplingLayer || TWO_DIMENSIONS.contains(name)
                ? 2
                : 0;
    }

    private static final Set<String> ONE_DIMENSION =
            Set.of("ZeroPadding1DLayer", "Cropping1D", "Upsampling1D", "LocallyConnected1D");
    private static final Set<String> TWO_DIMENSIONS = Set.of(
            "ZeroPaddingLayer",
            "Cropping2D",
            "Upsampling2D",
            "LocalResponseNormalization",
            "SpaceToDepthLayer",
            "LocallyConnected2D",
            "PrimaryCapsules");
    private static final Set<String> THREE_DIMENSIONS =
            Set.of("ZeroPadding3DLayer", "Cropping3D", "Upsampling3D", "Subsampling3DLayer");

    /** Whether a layer takes sequences because it, or what is in it, is made for them. */
    static boolean isRecurrent(Layer given) {
        Layer layer = thawed(given);
        return layer instanceof BaseRecurrentLayer
                || layer instanceof Bidirectional
                || layer instanceof BaseWrapperLayer
                || layer instanceof RnnOutputLayer
                || layer instanceof RnnLossLayer
                || isAttention(layer);
    }

    /** What is frozen, or the layer itself. */
    private static Layer thawed(Layer layer) {
        if (layer instanceof FrozenLayer frozen) {
            return thawed(frozen.getLayer());
        }
        return layer instanceof FrozenLayerWithBackprop frozen ? thawed(frozen.getUnderlying()) : layer;
    }

    private static boolean isAttention(Layer layer) {
        return layer instanceof SelfAttentionLayer
                || layer instanceof LearnedSelfAttentionLayer
                || layer instanceof RecurrentAttentionLayer;
    }

    private static boolean isChannelsFirstOfSequences(Layer layer) {
        if (isAttention(layer)) {
            return true;
        }
        if (layer instanceof RnnOutputLayer output) {
            return output.getRnnDataFormat() != RNNFormat.NWC;
        }
        if (layer instanceof RnnLossLayer output) {
            return output.getRnnDataFormat() != RNNFormat.NWC;
        }
        return TimeSeriesUtils.getFormatFromRnnLayer(layer) != RNNFormat.NWC;
    }

    /** Whether a layer that takes arrays with positions has the channels before them. */
    static boolean isChannelsFirst(Layer given) {
        Layer layer = thawed(given);
        if (isRecurrent(layer)) {
            return isChannelsFirstOfSequences(layer);
        }
        if (layer instanceof Convolution1DLayer sequence) {
            return sequence.getRnnDataFormat() != RNNFormat.NWC;
        }
        if (layer instanceof Convolution3D volume) {
            return volume.getDataFormat() == Convolution3D.DataFormat.NCDHW;
        }
        if (layer instanceof Subsampling3DLayer volume) {
            return volume.getDataFormat() == Convolution3D.DataFormat.NCDHW;
        }
        if (layer instanceof Upsampling3D volume) {
            return volume.getDataFormat() == Convolution3D.DataFormat.NCDHW;
        }
        if (layer instanceof LocalResponseNormalization normalization) {
            return normalization.getDataFormat() == CNN2DFormat.NCHW;
        }
        if (layer instanceof SpaceToDepthLayer squares) {
            return squares.getDataFormat() == CNN2DFormat.NCHW;
        }
        if (layer instanceof LocallyConnected2D local) {
            return local.getFormat() == CNN2DFormat.NCHW;
        }
        return positions(layer) != 2
                || layer instanceof PrimaryCapsules
                || layer instanceof Subsampling1DLayer
                || ConvolutionUtils.getFormatForLayer(layer) == CNN2DFormat.NCHW;
    }

    /** Refuses input in another order than the layer's, which DL4J would take for something else. */
    static void require(CNN2DFormat format, Activations input, GraphWriter writer) {
        require(format == CNN2DFormat.NCHW, input, writer);
    }

    static void require(boolean channelsFirst, Activations input, GraphWriter writer) {
        if (input.channelsFirst() != channelsFirst) {
            throw writer.unsupported(
                    "a data format with channels " + (channelsFirst ? "first" : "last") + " on input with channels "
                            + (channelsFirst ? "last" : "first"),
                    Set.of("the same format in all layers"));
        }
    }
}
