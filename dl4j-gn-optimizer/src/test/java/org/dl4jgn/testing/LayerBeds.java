package org.dl4jgn.testing;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.layers.LayerConstraint;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.constraint.MaxNormConstraint;
import org.deeplearning4j.nn.conf.constraint.NonNegativeConstraint;
import org.deeplearning4j.nn.conf.distribution.UniformDistribution;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.AutoEncoder;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.Deconvolution3D;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.GravesBidirectionalLSTM;
import org.deeplearning4j.nn.conf.layers.GravesLSTM;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.SpaceToBatchLayer;
import org.deeplearning4j.nn.conf.layers.SpaceToDepthLayer;
import org.deeplearning4j.nn.conf.layers.Subsampling1DLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling1D;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;
import org.deeplearning4j.nn.conf.layers.misc.RepeatVector;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.conf.layers.variational.VariationalAutoencoder;
import org.deeplearning4j.nn.conf.ocnn.OCNNOutputLayer;
import org.deeplearning4j.nn.weights.WeightInit;
import org.deeplearning4j.nn.weights.WeightInitConstant;
import org.deeplearning4j.nn.weights.embeddings.ArrayEmbeddingInitializer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationSoftSign;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** A bed for each layer of DL4J whose builder has settings of its own, but for those of {@link SameDiffBeds}. */
public final class LayerBeds {

    static final int WORDS = 4;

    /** Layers without a bed, and why. */
    public static final Map<String, String> WITHOUT = Map.of(
            "Bidirectional",
                    "DL4J's builder makes none that it can compute with: SequenceTest has those of its constructors",
            "LearnedSelfAttentionLayer", "tried in AttentionTest; in such a network ND4J fails to compute it",
            "Yolo2OutputLayer", "its labels are boxes: Yolo2Test");

    /** Layers that are refused, whatever their settings are. */
    public static List<Layer> refused() {
        return List.of(
                new AutoEncoder.Builder().nIn(4).nOut(4).build(),
                new Deconvolution3D.Builder().kernelSize(2, 2, 2).nIn(4).nOut(4).build(),
                new OCNNOutputLayer.Builder()
                        .nIn(4)
                        .hiddenLayerSize(3)
                        .activation(Activation.SIGMOID)
                        .build(),
                new RepeatVector.Builder<>(2).nIn(4).nOut(4).build(),
                new SpaceToBatchLayer.Builder<>(two(2)).build(),
                new VariationalAutoencoder.Builder()
                        .nIn(4)
                        .nOut(4)
                        .encoderLayerSizes(3)
                        .decoderLayerSizes(3)
                        .build());
    }

    /** What concerns cuDNN and other ways to the same numbers. */
    static final Set<String> INDIFFERENT = Set.of(
            "helperAllowFallback(boolean)",
            "cudnnAllowFallback(boolean)",
            "cudnnAlgoMode(AlgoMode)",
            "cudnnFwdMode(FwdAlgo)",
            "cudnnBwdFilterMode(BwdFilterAlgo)",
            "cudnnBwdDataMode(BwdDataAlgo)");

    /** DL4J hands them to no layer. */
    private static final String LOST = "constrainInputWeights(LayerConstraint[])";

    static final InputType IMAGES = InputType.convolutional(5, 5, 2);
    private static final InputType IMAGES_NHWC = InputType.convolutional(5, 5, 2, CNN2DFormat.NHWC);
    static final InputType STEPS = InputType.recurrent(3, 6);

    /** What a setting is set to where its bed does not say otherwise. */
    private static final Map<String, Object> VALUES = Map.ofEntries(
            Map.entry("kernelSize(int[])", new Object[] {two(3)}),
            Map.entry("stride(int[])", two(2)),
            Map.entry("padding(int[])", two(1)),
            Map.entry("dilation(int[])", two(2)),
            Map.entry("kernelSize(int)", 3),
            Map.entry("stride(int)", 2),
            Map.entry("padding(int)", 1),
            Map.entry("dilation(int)", 2),
            Map.entry("size(int)", 3),
            Map.entry("convolutionMode(ConvolutionMode)", ConvolutionMode.Same),
            Map.entry("hasBias(boolean)", false),
            Map.entry("hasLayerNorm(boolean)", true),
            Map.entry("helperAllowFallback(boolean)", false),
            Map.entry("cudnnAllowFallback(boolean)", false),
            Map.entry("cudnnAlgoMode(AlgoMode)", ConvolutionLayer.AlgoMode.NO_WORKSPACE),
            Map.entry("cudnnFwdMode(FwdAlgo)", ConvolutionLayer.FwdAlgo.GEMM),
            Map.entry("cudnnBwdFilterMode(BwdFilterAlgo)", ConvolutionLayer.BwdFilterAlgo.ALGO_0),
            Map.entry("cudnnBwdDataMode(BwdDataAlgo)", ConvolutionLayer.BwdDataAlgo.ALGO_0),
            Map.entry("dataFormat(CNN2DFormat)", CNN2DFormat.NHWC),
            Map.entry("depthMultiplier(int)", 2),
            Map.entry("poolingType(PoolingType)", PoolingType.MAX),
            Map.entry("pnorm(int)", 3),
            Map.entry("eps(double)", 0.3),
            Map.entry("activation(Activation)", Activation.SOFTSIGN),
            Map.entry("activation(IActivation)", new ActivationSoftSign()),
            Map.entry("activation(String)", "softsign"),
            Map.entry("gateActivationFunction(Activation)", Activation.HARDSIGMOID),
            Map.entry("gateActivationFunction(IActivation)", new ActivationSoftSign()),
            Map.entry("gateActivationFunction(String)", "hardsigmoid"),
            Map.entry("forgetGateBiasInit(double)", 3.0),
            Map.entry("weightInitRecurrent(IWeightInit)", new WeightInitConstant(0.1)),
            Map.entry("weightInitRecurrent(WeightInit)", WeightInit.RELU),
            Map.entry("weightInitRecurrent(Distribution)", new UniformDistribution(-1, 1)),
            Map.entry("weightInit(IWeightInit)", new WeightInitConstant(0.1)),
            Map.entry("lossFunction(ILossFunction)", new LossMSE()),
            Map.entry("lossFunction(LossFunction)", LossFunction.MSE),
            Map.entry("constrainInputWeights(LayerConstraint[])", constraints()),
            Map.entry("constrainRecurrent(LayerConstraint[])", constraints()),
            Map.entry("constrainPointWise(LayerConstraint[])", constraints()),
            Map.entry("constrainBeta(LayerConstraint[])", constraints()),
            Map.entry(
                    "constrainGamma(LayerConstraint[])",
                    new Object[] {new LayerConstraint[] {new MaxNormConstraint(0.1, 1)}}));

    /** Those of this class, of heads, of volumes and of layers around others. */
    public static List<LayerBed> all() {
        return Stream.of(
                        images(),
                        steps(),
                        VolumeBeds.all(),
                        HeadBeds.all(),
                        HeadBeds.losses(),
                        normalizations(),
                        WrapperBeds.all())
                .flatMap(List::stream)
                .toList();
    }

    private static LayerBed ofImages(Supplier<Layer.Builder<?>> builder) {
        return new LayerBed(IMAGES, builder, output()).on(IMAGES_NHWC, "dataFormat(CNN2DFormat)");
    }

    private static LayerBed ofSteps(Supplier<Layer.Builder<?>> builder) {
        return new LayerBed(STEPS, builder, mean(), output()).without("dataFormat(RNNFormat)");
    }

    private static List<LayerBed> images() {
        return List.of(
                ofImages(() -> new ConvolutionLayer.Builder(2, 2).nOut(2)),
                ofImages(() -> new Deconvolution2D.Builder(2, 2).nOut(2)),
                ofImages(() -> new DepthwiseConvolution2D.Builder(2, 2)),
                ofImages(() -> new SeparableConvolution2D.Builder(2, 2).nOut(2)),
                ofImages(() -> new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.PNORM, two(2), two(1))
                                .pnorm(2))
                        // DL4J hands eps to the operation of the gradient, which does not use it
                        .indifferent("eps(double)", "avgPoolIncludePadInDivisor(boolean)")
                        .with("avgPoolIncludePadInDivisor(boolean)", true),
                ofImages(() -> new Upsampling2D.Builder(2)).with("size(int[])", new Object[] {two(3)}),
                ofImages(() -> new ZeroPaddingLayer.Builder(1, 1)),
                ofImages(() -> new Cropping2D.Builder(1, 1)),
                ofImages(() -> new SpaceToDepthLayer.Builder(5))
                        .with("blocks(int)", 1)
                        .with("name(String)", "it")
                        .indifferent("name(String)")
                        .on(IMAGES_NHWC, "dataFormat(DataFormat)")
                        .with("dataFormat(DataFormat)", SpaceToDepthLayer.DataFormat.NHWC),
                ofImages(() -> new GlobalPoolingLayer.Builder(PoolingType.PNORM))
                        .with("poolingType(PoolingType)", PoolingType.SUM)
                        .with("poolingDimensions(int[])", new Object[] {new int[] {2, 3}})
                        .indifferent("poolingDimensions(int[])")
                        .with("collapseDimensions(boolean)", false)
                        .indifferent("collapseDimensions(boolean)"));
    }

    private static List<LayerBed> steps() {
        return List.of(
                ofSteps(() -> new Convolution1DLayer.Builder(2).nOut(2)).without("rnnDataFormat(RNNFormat)"),
                ofSteps(() -> new Subsampling1DLayer.Builder(SubsamplingLayer.PoolingType.AVG, 2, 1))
                        // a padding of sequences fails in DL4J
                        .without("dataFormat(CNN2DFormat)", "pnorm(int)", "eps(double)", "padding(int)")
                        .with("avgPoolIncludePadInDivisor(boolean)", true)
                        .indifferent("avgPoolIncludePadInDivisor(boolean)"),
                ofSteps(() -> new Upsampling1D.Builder(2)).with("size(int[])", new Object[] {new int[] {3}}),
                ofSteps(() -> new SimpleRnn.Builder().nOut(3))
                        .without("hasLayerNorm(boolean)")
                        .indifferent(LOST, "constrainRecurrent(LayerConstraint[])"),
                ofSteps(() -> new LSTM.Builder().nOut(3)).indifferent(LOST),
                ofSteps(() -> new GravesLSTM.Builder().nOut(3)).indifferent(LOST),
                ofSteps(() -> new GravesBidirectionalLSTM.Builder().nOut(3))
                        .indifferent(
                                LOST,
                                "weightInitRecurrent(IWeightInit)",
                                "weightInitRecurrent(WeightInit)",
                                "weightInitRecurrent(Distribution)"),
                new LayerBed(
                                InputType.feedForward(1),
                                () -> new EmbeddingLayer.Builder().nIn(WORDS).nOut(2),
                                output())
                        .with("hasBias(boolean)", true)
                        .with("weightInit(INDArray)", words())
                        .with("weightInit(EmbeddingInitializer)", new ArrayEmbeddingInitializer(words())),
                new LayerBed(
                                InputType.feedForward(5),
                                () -> new EmbeddingSequenceLayer.Builder()
                                        .nIn(WORDS)
                                        .nOut(2),
                                mean(),
                                output())
                        .with("hasBias(boolean)", true)
                        .with("weightInit(INDArray)", words())
                        .with("weightInit(EmbeddingInitializer)", new ArrayEmbeddingInitializer(words()))
                        .with("inputLength(int)", 5)
                        .with("inferInputLength(boolean)", true)
                        .without("outputDataFormat(RNNFormat)")
                        .indifferent("inputLength(int)", "inferInputLength(boolean)"));
    }

    private static List<LayerBed> normalizations() {
        return List.of(
                ofImages(() -> new LocalResponseNormalization.Builder().n(2))
                        .over(new ConvolutionLayer.Builder(2, 2).nOut(4).build())
                        .withAnotherGradient()
                        .without("dataFormat(CNN2DFormat)")
                        .with("alpha(double)", 0.3)
                        .with("beta(double)", 0.5)
                        .with("k(double)", 1.5)
                        .with("n(double)", 4.0),
                new LayerBed(
                                IMAGES,
                                () -> new PReLULayer.Builder().inputShape(2, 5, 5),
                                new ConvolutionLayer.Builder(2, 2).nOut(2).build(),
                                output())
                        .with("inputShape(long[])", new Object[] {new long[] {2, 5, 5}})
                        .indifferent("inputShape(long[])")
                        .with("sharedAxes(long[])", new Object[] {new long[] {2}}),
                ofImages(() -> new BatchNormalization.Builder())
                        .without("minibatch(boolean)", "decay(double)")
                        .with("gamma(double)", 2.0)
                        .with("beta(double)", 1.0)
                        .with("lockGammaBeta(boolean)", true)
                        .with("useLogStd(boolean)", false)
                        .indifferent("constrainBeta(LayerConstraint[])", "constrainGamma(LayerConstraint[])"));
    }

    private static INDArray words() {
        return Networks.normal(8, 1, WORDS, 2);
    }

    private static Object[] constraints() {
        return new Object[] {new LayerConstraint[] {new NonNegativeConstraint()}};
    }

    private LayerBeds() {}

    private static int[] two(int value) {
        return new int[] {value, value};
    }

    static Object[] value(String setting) {
        Object value = VALUES.get(setting);
        if (value == null) {
            throw new IllegalStateException("No value for " + setting);
        }
        return value instanceof Object[] several ? several : new Object[] {value};
    }

    static OutputLayer output() {
        return new OutputLayer.Builder(LossFunction.MCXENT)
                .nOut(3)
                .activation(Activation.SOFTMAX)
                .build();
    }

    static Layer mean() {
        return new GlobalPoolingLayer.Builder(PoolingType.AVG).build();
    }
}
