package org.dl4jgn.translate;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Convolution1D;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.Convolution2D;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.Subsampling1DLayer;
import org.deeplearning4j.nn.conf.layers.Subsampling3DLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling1D;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.Upsampling3D;
import org.deeplearning4j.nn.conf.layers.ZeroPadding1DLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPadding3DLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping1D;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping3D;

/**
 * The layers that can be translated, each with its translator.
 *
 * <p>A layer is found by its exact class: a subclass may compute something else, so it is refused until it has an entry.
 */
final class LayerTranslators {

    private static final Map<Class<? extends Layer>, LayerTranslator<?>> TRANSLATORS = Map.ofEntries(
            entry(DenseLayer.class, new DenseTranslator<>()),
            entry(OutputLayer.class, new DenseTranslator<>()),
            entry(LossLayer.class, LayerTranslators::loss),
            entry(ActivationLayer.class, LayerTranslators::activation),
            entry(DropoutLayer.class, LayerTranslators::dropout),
            entry(Convolution1DLayer.class, ConvolutionTranslator.ofSequences()),
            entry(Convolution1D.class, ConvolutionTranslator.ofSequences()),
            entry(ConvolutionLayer.class, ConvolutionTranslator.ofImages()),
            entry(Convolution2D.class, ConvolutionTranslator.ofImages()),
            entry(Convolution3D.class, ConvolutionTranslator.ofVolumes()),
            entry(DepthwiseConvolution2D.class, SpecialConvolutions::depthwise),
            entry(SeparableConvolution2D.class, SpecialConvolutions::separable),
            entry(Deconvolution2D.class, SpecialConvolutions::transposed),
            entry(Subsampling1DLayer.class, PoolingTranslators::ofSequences),
            entry(SubsamplingLayer.class, PoolingTranslators::ofImages),
            entry(Subsampling3DLayer.class, PoolingTranslators::ofVolumes),
            entry(GlobalPoolingLayer.class, PoolingTranslators::global),
            entry(ZeroPadding1DLayer.class, Moves::padding),
            entry(ZeroPaddingLayer.class, Moves::padding),
            entry(ZeroPadding3DLayer.class, Moves::padding),
            entry(Cropping1D.class, Moves::cropping),
            entry(Cropping2D.class, Moves::cropping),
            entry(Cropping3D.class, Moves::cropping),
            entry(Upsampling1D.class, Moves::upsampling),
            entry(Upsampling2D.class, Moves::upsampling),
            entry(Upsampling3D.class, Moves::upsampling),
            entry(BatchNormalization.class, new BatchNormalizationTranslator()),
            entry(LocalResponseNormalization.class, FurtherLayers::localResponse),
            entry(PReLULayer.class, FurtherLayers::prelu),
            entry(EmbeddingLayer.class, FurtherLayers::embedding));

    private static <L extends Layer> Map.Entry<Class<? extends Layer>, LayerTranslator<?>> entry(
            Class<L> layer, LayerTranslator<? super L> translator) {
        return Map.entry(layer, translator);
    }

    private LayerTranslators() {}

    /**
     * The translator of a layer.
     *
     * @throws UnsupportedNetworkException if there is none
     */
    @SuppressWarnings("unchecked") // the map pairs each class with a translator of it
    static LayerTranslator<Layer> of(Layer layer, GraphWriter writer) {
        LayerTranslator<Layer> translator = (LayerTranslator<Layer>) TRANSLATORS.get(layer.getClass());
        if (translator == null) {
            throw writer.unsupported("this layer type (" + layer.getClass().getName() + ")", names());
        }
        return translator;
    }

    private static Set<String> names() {
        return TRANSLATORS.keySet().stream().map(Class::getSimpleName).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Activations loss(LossLayer layer, Activations input, GraphWriter writer) {
        if (layer.getIDropout() != null) {
            throw writer.unsupported(
                    "dropout on a loss layer, which DL4J itself ignores,", Set.of("a DropoutLayer before it"));
        }
        input.requireVector(input.length(), writer);
        return input;
    }

    private static Activations activation(ActivationLayer layer, Activations input, GraphWriter writer) {
        return ActivationWriter.write(layer.getActivationFn(), input, writer);
    }

    private static Activations dropout(DropoutLayer layer, Activations input, GraphWriter writer) {
        return DropoutWriter.write(layer.getIDropout(), input, writer);
    }
}
