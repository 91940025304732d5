package org.dl4jgn;

import static org.dl4jgn.testing.BuilderSetting.honoured;
import static org.dl4jgn.testing.BuilderSetting.indifferent;
import static org.dl4jgn.testing.BuilderSetting.refused;
import static org.dl4jgn.testing.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.OptimizationAlgorithm;
import org.deeplearning4j.nn.conf.CacheMode;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.Updater;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.constraint.NonNegativeConstraint;
import org.deeplearning4j.nn.conf.distribution.UniformDistribution;
import org.deeplearning4j.nn.conf.dropout.GaussianDropout;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.stepfunctions.NegativeGradientStepFunction;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.deeplearning4j.nn.weights.WeightInitConstant;
import org.dl4jgn.conf.Damping;
import org.dl4jgn.conf.LineSearch;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.testing.BuilderSetting;
import org.dl4jgn.testing.BuilderSetting.Effect;
import org.dl4jgn.testing.Small;
import org.dl4jgn.translate.UnsupportedNetworkException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationSoftSign;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * Every setting of DL4J's builders, found by reflection: {@code attach} refuses it in words, or training is another one with it,
 * or, for what concerns memory and names alone, the same to the bit. A setting that DL4J gets in a later version has no entry
 * here, and fails the test.
 */
class BuilderSettingsTest {

    private static final Sgn SGN = sgn(5);

    private static Sgn sgn(int iterations) {
        return Sgn.builder()
                .damping(Damping.constant(0.1))
                .lineSearch(LineSearch.none())
                .cgIterations(iterations)
                .build();
    }

    /** Those of the whole network. */
    static Stream<BuilderSetting<NeuralNetConfiguration.Builder>> ofNetworks() {
        return Stream.of(
                honoured("miniBatch(boolean)", b -> b.miniBatch(false)),
                indifferent("trainingWorkspaceMode(WorkspaceMode)", b -> b.trainingWorkspaceMode(WorkspaceMode.NONE)),
                indifferent("inferenceWorkspaceMode(WorkspaceMode)", b -> b.inferenceWorkspaceMode(WorkspaceMode.NONE)),
                indifferent("cacheMode(CacheMode)", b -> b.cacheMode(CacheMode.DEVICE)),
                refused("minimize(boolean)", b -> b.minimize(false), "minimize(false)"),
                // of DL4J's own line searches, which its stochastic optimizers do not make either
                indifferent("maxNumLineSearchIterations(int)", b -> b.maxNumLineSearchIterations(1)),
                refused(
                        "stepFunction(StepFunction)",
                        b -> b.stepFunction(new NegativeGradientStepFunction()),
                        "stepFunction"),
                honoured("seed(long)", b -> b.seed(7)),
                refused(
                        "optimizationAlgo(OptimizationAlgorithm)",
                        b -> b.optimizationAlgo(OptimizationAlgorithm.LBFGS),
                        "LBFGS"),
                honoured("activation(IActivation)", b -> b.activation(new ActivationSoftSign())),
                honoured("activation(Activation)", b -> b.activation(Activation.SOFTSIGN)),
                honoured("weightInit(IWeightInit)", b -> b.weightInit(new WeightInitConstant(0.1))),
                honoured("weightInit(WeightInit)", b -> b.weightInit(WeightInit.RELU)),
                honoured("weightInit(Distribution)", b -> b.weightInit(new UniformDistribution(-1, 1))),
                honoured("dist(Distribution)", b -> b.dist(new UniformDistribution(-1, 1))),
                honoured("biasInit(double)", b -> b.biasInit(0.5)),
                honoured("l1(double)", b -> b.l1(0.1)),
                honoured("l2(double)", b -> b.l2(0.1)),
                honoured("l1Bias(double)", b -> b.l1Bias(0.1)),
                honoured("l2Bias(double)", b -> b.l2Bias(0.1)),
                honoured("weightDecay(double)", b -> b.weightDecay(0.1)),
                honoured("weightDecay(double, boolean)", b -> b.weightDecay(0.1, false)),
                honoured("weightDecayBias(double)", b -> b.weightDecayBias(0.1)),
                honoured("weightDecayBias(double, boolean)", b -> b.weightDecayBias(0.1, false)),
                honoured("regularization(List)", b -> b.regularization(List.of(new L2Regularization(0.1)))),
                honoured("regularizationBias(List)", b -> b.regularizationBias(List.of(new L2Regularization(0.1)))),
                honoured("dropOut(double)", b -> b.dropOut(0.5)),
                honoured("dropOut(IDropout)", b -> b.dropOut(new GaussianDropout(0.5))),
                honoured("weightNoise(IWeightNoise)", b -> b.weightNoise(new DropConnect(0.5))),
                refused("updater(Updater)", b -> b.updater(Updater.ADAM), "Adam", "one Sgn or Egn"),
                honoured("updater(IUpdater)", b -> b.updater(sgn(1))),
                refused("biasUpdater(IUpdater)", b -> b.biasUpdater(new Adam()), "bias updater", "Adam"),
                honoured("gradientNormalization(GradientNormalization)", BuilderSettingsTest::clip),
                honoured("gradientNormalizationThreshold(double)", BuilderSettingsTest::clip),
                // of convolutions, which these networks have not
                indifferent("convolutionMode(ConvolutionMode)", b -> b.convolutionMode(ConvolutionMode.Same)),
                indifferent("cudnnAlgoMode(AlgoMode)", b -> b.cudnnAlgoMode(ConvolutionLayer.AlgoMode.NO_WORKSPACE)),
                // DL4J loses it where it hands the network's settings to the layers
                indifferent(
                        "constrainAllParameters(LayerConstraint[])",
                        b -> b.constrainAllParameters(new NonNegativeConstraint())),
                honoured("constrainBias(LayerConstraint[])", b -> b.constrainBias(new NonNegativeConstraint())),
                honoured("constrainWeights(LayerConstraint[])", b -> b.constrainWeights(new NonNegativeConstraint())),
                honoured("dataType(DataType)", b -> b.dataType(DataType.FLOAT)));
    }

    private static void clip(NeuralNetConfiguration.Builder builder) {
        builder.gradientNormalization(GradientNormalization.ClipL2PerLayer).gradientNormalizationThreshold(1e-3);
    }

    /** Those of a layer. */
    static Stream<BuilderSetting<DenseLayer.Builder>> ofLayers() {
        return Stream.of(
                indifferent("name(String)", b -> b.name("first")),
                honoured("dropOut(double)", b -> b.dropOut(0.5)),
                honoured("dropOut(IDropout)", b -> b.dropOut(new GaussianDropout(0.5))),
                honoured(
                        "constrainAllParameters(LayerConstraint[])",
                        b -> b.constrainAllParameters(new NonNegativeConstraint())),
                honoured("constrainBias(LayerConstraint[])", b -> b.constrainBias(new NonNegativeConstraint())),
                honoured("constrainWeights(LayerConstraint[])", b -> b.constrainWeights(new NonNegativeConstraint())),
                honoured("activation(IActivation)", b -> b.activation(new ActivationSoftSign())),
                honoured("activation(Activation)", b -> b.activation(Activation.SOFTSIGN)),
                honoured("weightInit(IWeightInit)", b -> b.weightInit(new WeightInitConstant(0.1))),
                honoured("weightInit(WeightInit)", b -> b.weightInit(WeightInit.RELU)),
                honoured("weightInit(Distribution)", b -> b.weightInit(new UniformDistribution(-1, 1))),
                honoured("dist(Distribution)", b -> b.dist(new UniformDistribution(-1, 1))),
                honoured("biasInit(double)", b -> b.biasInit(0.5)),
                // of layer normalization, without which it means nothing
                indifferent("gainInit(double)", b -> b.gainInit(2)),
                honoured("l1(double)", b -> b.l1(0.1)),
                honoured("l2(double)", b -> b.l2(0.1)),
                honoured("l1Bias(double)", b -> b.l1Bias(0.1)),
                honoured("l2Bias(double)", b -> b.l2Bias(0.1)),
                honoured("weightDecay(double)", b -> b.weightDecay(0.1)),
                honoured("weightDecay(double, boolean)", b -> b.weightDecay(0.1, false)),
                honoured("weightDecayBias(double)", b -> b.weightDecayBias(0.1)),
                honoured("weightDecayBias(double, boolean)", b -> b.weightDecayBias(0.1, false)),
                honoured("regularization(List)", b -> b.regularization(List.of(new L2Regularization(0.1)))),
                honoured("regularizationBias(List)", b -> b.regularizationBias(List.of(new L2Regularization(0.1)))),
                refused("updater(Updater)", b -> b.updater(Updater.ADAM), "Adam", "one Sgn or Egn"),
                refused("updater(IUpdater)", b -> b.updater(sgn(1)), "cgIterations=1", "one optimizer"),
                refused("biasUpdater(IUpdater)", b -> b.biasUpdater(new Adam()), "bias updater", "Adam"),
                honoured("gradientNormalization(GradientNormalization)", BuilderSettingsTest::clipLayer),
                honoured("gradientNormalizationThreshold(double)", BuilderSettingsTest::clipLayer),
                honoured("weightNoise(IWeightNoise)", b -> b.weightNoise(new DropConnect(0.5))),
                indifferent("nIn(int)", b -> b.nIn(Small.INPUTS)),
                indifferent("nIn(long)", b -> b.nIn((long) Small.INPUTS)),
                honoured("nOut(int)", b -> b.nOut(6)),
                honoured("nOut(long)", b -> b.nOut(6L)),
                honoured("units(int)", b -> b.units(6)),
                honoured("hasBias(boolean)", b -> b.hasBias(false)),
                honoured("hasLayerNorm(boolean)", b -> b.hasLayerNorm(true)));
    }

    private static void clipLayer(DenseLayer.Builder builder) {
        builder.gradientNormalization(GradientNormalization.ClipL2PerLayer).gradientNormalizationThreshold(1e-3);
    }

    // ---- what there is ---------------------------------------------------------------------------------------------

    /** What builds, or begins another builder, is no setting. */
    private static final Set<String> NO_SETTINGS = Set.of("clone()", "layer(Layer)");

    private static Set<String> fluent(Class<?>... builders) {
        Set<String> methods = new TreeSet<>();
        for (Class<?> builder : builders) {
            for (Method method : builder.getDeclaredMethods()) {
                boolean returnsBuilder = method.getReturnType().getSimpleName().equals("Builder");
                if (Modifier.isPublic(method.getModifiers()) && !method.isBridge() && returnsBuilder) {
                    methods.add(method.getName()
                            + Arrays.stream(method.getParameterTypes())
                                    .map(Class::getSimpleName)
                                    .collect(Collectors.joining(", ", "(", ")")));
                }
            }
        }
        methods.removeAll(NO_SETTINGS);
        return methods;
    }

    @Test
    void everySettingOfTheNetworkIsTriedHere() {
        Set<String> tried = ofNetworks().map(BuilderSetting::method).collect(Collectors.toCollection(TreeSet::new));
        assertEquals(fluent(NeuralNetConfiguration.Builder.class), tried);
    }

    @Test
    void everySettingOfALayerIsTriedHere() {
        Set<String> tried = ofLayers().map(BuilderSetting::method).collect(Collectors.toCollection(TreeSet::new));
        assertEquals(
                fluent(
                        Layer.Builder.class,
                        BaseLayer.Builder.class,
                        FeedForwardLayer.Builder.class,
                        DenseLayer.Builder.class),
                tried);
    }

    // ---- what it does ----------------------------------------------------------------------------------------------

    private static MultiLayerNetwork network(
            Consumer<NeuralNetConfiguration.Builder> ofNetwork, Consumer<DenseLayer.Builder> ofLayer) {
        NeuralNetConfiguration.Builder builder = new NeuralNetConfiguration.Builder()
                .seed(12345)
                .dataType(DataType.DOUBLE)
                .activation(Activation.TANH)
                .updater(SGN);
        ofNetwork.accept(builder);
        DenseLayer.Builder dense = new DenseLayer.Builder().nOut(5);
        ofLayer.accept(dense);
        MultiLayerNetwork net = new MultiLayerNetwork(builder.list()
                .layer(dense.build())
                .layer(new OutputLayer.Builder(LossFunction.MCXENT)
                        .nOut(Small.CLASSES)
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputType(InputType.feedForward(Small.INPUTS))
                .build());
        net.init();
        return net;
    }

    private static long[] trained(MultiLayerNetwork net) {
        GaussNewton.attach(net);
        for (DataSet batch : Small.batches()) {
            net.fit(batch);
        }
        List<Long> bits = new ArrayList<>();
        Arrays.stream(Small.bits(net)).forEach(bits::add);
        bits.add(Double.doubleToRawLongBits(net.score()));
        return bits.stream().mapToLong(Long::longValue).toArray();
    }

    private static void assertEffect(BuilderSetting<?> setting, MultiLayerNetwork with) {
        if (setting.effect() == Effect.REFUSED) {
            assertFails(UnsupportedNetworkException.class, () -> GaussNewton.attach(with), setting.words());
            return;
        }
        long[] expected = trained(network(b -> {}, b -> {}));
        long[] actual = trained(with);
        if (setting.effect() == Effect.TRAINS_THE_SAME) {
            assertArrayEquals(expected, actual);
        } else {
            assertFalse(Arrays.equals(expected, actual), "nothing has changed");
        }
        assertTrue(Small.isFinite(with.params()));
    }

    @ParameterizedTest
    @MethodSource("ofNetworks")
    void aSettingOfTheNetworkIsHonouredOrRefused(BuilderSetting<NeuralNetConfiguration.Builder> setting) {
        assertEffect(setting, network(setting.set(), b -> {}));
    }

    @ParameterizedTest
    @MethodSource("ofLayers")
    void aSettingOfALayerIsHonouredOrRefused(BuilderSetting<DenseLayer.Builder> setting) {
        assertEffect(setting, network(b -> {}, setting.set()));
    }
}
