package org.dl4jgn.translate;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.AutoEncoder;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.CenterLossOutputLayer;
import org.deeplearning4j.nn.conf.layers.Cnn3DLossLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
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
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.GravesBidirectionalLSTM;
import org.deeplearning4j.nn.conf.layers.GravesLSTM;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LearnedSelfAttentionLayer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.RecurrentAttentionLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SelfAttentionLayer;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.SpaceToDepthLayer;
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
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.layers.objdetect.Yolo2OutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.conf.layers.recurrent.TimeDistributed;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffLayer;
import org.deeplearning4j.nn.conf.layers.util.MaskZeroLayer;
import org.deeplearning4j.nn.conf.layers.variational.VariationalAutoencoder;
import org.deeplearning4j.nn.conf.ocnn.OCNNOutputLayer;

/**
 * The layers that can be translated, each with its translator.
 *
 * <p>A layer is found by its exact class: a subclass may compute something else, so it is refused until it is registered.
 * Layers of SameDiff operations ({@code SameDiffLayer}, {@code SameDiffLambdaLayer}) need no entry.
 *
 * <pre>{@code
 * LayerTranslators.register(Doubling.class, (layer, input, writer) -> input.with(input.variable().mul(2)));
 * }</pre>
 */
public final class LayerTranslators {

    private static final Map<Class<? extends Layer>, LayerTranslator<?>> BUILT_IN = Map.ofEntries(
            entry(DenseLayer.class, new DenseTranslator<>()),
            entry(OutputLayer.class, new DenseTranslator<>()),
            entry(CenterLossOutputLayer.class, new CenterLossTranslator()),
            entry(LossLayer.class, new LossTranslator()),
            entry(ActivationLayer.class, (layer, input, writer) -> writer.activation(layer.getActivationFn(), input)),
            entry(DropoutLayer.class, new DropoutTranslator()),
            entry(Convolution1DLayer.class, ConvolutionTranslator.ofSequences()),
            entry(Convolution1D.class, ConvolutionTranslator.ofSequences()),
            entry(ConvolutionLayer.class, ConvolutionTranslator.ofImages()),
            entry(Convolution2D.class, ConvolutionTranslator.ofImages()),
            entry(Convolution3D.class, ConvolutionTranslator.ofVolumes()),
            entry(DepthwiseConvolution2D.class, new DepthwiseTranslator()),
            entry(SeparableConvolution2D.class, new SeparableTranslator()),
            entry(Deconvolution2D.class, new TransposedConvolutionTranslator()),
            entry(Subsampling1DLayer.class, new PoolingTranslator<>(1, layer -> true)),
            entry(
                    SubsamplingLayer.class,
                    new PoolingTranslator<>(2, layer -> layer.getCnn2dDataFormat() == CNN2DFormat.NCHW)),
            entry(Subsampling3DLayer.class, new VolumePoolingTranslator()),
            entry(GlobalPoolingLayer.class, new GlobalPoolingTranslator()),
            entry(ZeroPadding1DLayer.class, BorderTranslator.padding(1, ZeroPadding1DLayer::getPadding, layer -> true)),
            entry(
                    ZeroPaddingLayer.class,
                    BorderTranslator.padding(
                            2, ZeroPaddingLayer::getPadding, layer -> layer.getDataFormat() == CNN2DFormat.NCHW)),
            entry(ZeroPadding3DLayer.class, BorderTranslator.padding(3, ZeroPadding3DLayer::getPadding, layer -> true)),
            entry(Cropping1D.class, BorderTranslator.cropping(1, Cropping1D::getCropping, layer -> true)),
            entry(
                    Cropping2D.class,
                    BorderTranslator.cropping(
                            2, Cropping2D::getCropping, layer -> layer.getDataFormat() == CNN2DFormat.NCHW)),
            entry(Cropping3D.class, BorderTranslator.cropping(3, Cropping3D::getCropping, layer -> true)),
            entry(SpaceToDepthLayer.class, new SpaceToDepthTranslator()),
            entry(Upsampling1D.class, new UpsamplingTranslator<>(1, layer -> true)),
            entry(Upsampling2D.class, new UpsamplingTranslator<>(2, layer -> layer.getFormat() == CNN2DFormat.NCHW)),
            entry(
                    Upsampling3D.class,
                    new UpsamplingTranslator<>(3, layer -> layer.getDataFormat() == Convolution3D.DataFormat.NCDHW)),
            entry(BatchNormalization.class, new BatchNormalizationTranslator()),
            entry(LocalResponseNormalization.class, new LocalResponseTranslator()),
            entry(FrozenLayer.class, FrozenTranslator.ending()),
            entry(FrozenLayerWithBackprop.class, FrozenTranslator.passing()),
            entry(PReLULayer.class, new PReLUTranslator()),
            entry(EmbeddingLayer.class, new EmbeddingTranslator()),
            entry(EmbeddingSequenceLayer.class, new EmbeddingSequenceTranslator()),
            entry(SimpleRnn.class, new SimpleRnnTranslator()),
            entry(LSTM.class, new LstmTranslator<>(false)),
            entry(GravesLSTM.class, new LstmTranslator<>(true)),
            entry(GravesBidirectionalLSTM.class, new GravesBidirectionalTranslator()),
            entry(Bidirectional.class, new BidirectionalTranslator()),
            entry(LastTimeStep.class, WrapperTranslator.lastTimeStep()),
            entry(TimeDistributed.class, WrapperTranslator.timeDistributed()),
            entry(MaskZeroLayer.class, WrapperTranslator.maskZero()),
            entry(SelfAttentionLayer.class, AttentionTranslators.self()),
            entry(LearnedSelfAttentionLayer.class, AttentionTranslators.learned()),
            entry(RecurrentAttentionLayer.class, AttentionTranslators.recurrent()),
            entry(RnnOutputLayer.class, new RnnOutputTranslator()),
            entry(RnnLossLayer.class, new RnnLossTranslator()),
            entry(CnnLossLayer.class, PositionLossTranslator.ofImages()),
            entry(Cnn3DLossLayer.class, PositionLossTranslator.ofVolumes()),
            entry(Yolo2OutputLayer.class, new Yolo2Translator()));

    /** Layers of DL4J that no step can be taken with, and why. */
    private static final Map<Class<? extends Layer>, String> REFUSED = Map.of(
            OCNNOutputLayer.class,
            "because its loss is no sum over the examples: its radius is a quantile of all of them",
            VariationalAutoencoder.class,
            "because it is trained by itself, layer by layer",
            AutoEncoder.class,
            "because it is trained by itself, layer by layer");

    /** Of classes that are not known: such layers bring their definition along, so that a subclass is no danger. */
    private static final LayerTranslator<?> SAME_DIFF = new SameDiffTranslator();

    private static final Map<Class<? extends Layer>, LayerTranslator<?>> REGISTERED = new ConcurrentHashMap<>();

    private static <L extends Layer> Map.Entry<Class<? extends Layer>, LayerTranslator<?>> entry(
            Class<L> layer, LayerTranslator<? super L> translator) {
        return Map.entry(layer, translator);
    }

    private LayerTranslators() {}

    /**
     * Makes networks with a layer of one's own trainable, in this process; to be called before {@code attach}.
     *
     * @param layer the class of its configuration, exactly: subclasses are registered on their own
     * @param translator writes it; operations that are new to the library need tangent rules
     * @throws IllegalArgumentException if the class has a translator already
     */
    public static <L extends Layer> void register(Class<L> layer, LayerTranslator<? super L> translator) {
        if (BUILT_IN.containsKey(layer) || REGISTERED.putIfAbsent(layer, translator) != null) {
            throw new IllegalArgumentException("Layer " + layer.getName() + " has a translator already, "
                    + (BUILT_IN.containsKey(layer) ? "the library's" : "registered before")
                    + "; register a class that has none");
        }
    }

    /**
     * The translator of a layer.
     *
     * @throws UnsupportedNetworkException if there is none
     */
    static LayerTranslator<Layer> of(Layer layer, GraphWriter writer) {
        return find(layer)
                .orElseThrow(() -> writer.unsupported(
                        "this layer type (" + layer.getClass().getName() + ")" + reason(layer), names()));
    }

    private static String reason(Layer layer) {
        String reason = REFUSED.get(layer.getClass());
        return reason == null ? "" : ", " + reason + ",";
    }

    /** Elements of the vectors that a layer takes; 0 if it takes any array, or is not known. */
    static long inputs(Layer layer) {
        return find(layer).map(translator -> translator.inputs(layer)).orElse(0L);
    }

    @SuppressWarnings("unchecked") // the maps pair each class with a translator of it
    private static Optional<LayerTranslator<Layer>> find(Layer layer) {
        LayerTranslator<?> translator = BUILT_IN.get(layer.getClass());
        translator = translator == null ? REGISTERED.get(layer.getClass()) : translator;
        if (translator == null && layer instanceof SameDiffLayer) {
            translator = SAME_DIFF;
        }
        return Optional.ofNullable((LayerTranslator<Layer>) translator);
    }

    /** The library's, then those that were registered. */
    private static Set<String> names() {
        return Stream.of(BUILT_IN, REGISTERED)
                .flatMap(map -> map.keySet().stream().map(Class::getSimpleName).sorted())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }
}
