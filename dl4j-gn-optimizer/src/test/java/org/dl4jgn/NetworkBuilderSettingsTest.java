package org.dl4jgn;

import static org.dl4jgn.testing.BuilderSetting.honoured;
import static org.dl4jgn.testing.BuilderSetting.indifferent;
import static org.dl4jgn.testing.BuilderSetting.refused;
import static org.dl4jgn.testing.Failures.assertFails;
import static org.dl4jgn.testing.Small.bits;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.CacheMode;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration.ListBuilder;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.preprocessor.RnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.conf.Damping;
import org.dl4jgn.conf.LineSearch;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.testing.BuilderSetting;
import org.dl4jgn.testing.BuilderSetting.Effect;
import org.dl4jgn.testing.LayerBed;
import org.dl4jgn.testing.Networks;
import org.dl4jgn.translate.UnsupportedNetworkException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * Every setting of DL4J's builders of whole networks and graphs, found by reflection, as {@link BuilderSettingsTest} goes through those
 * of layers: training is another one with it, or the same to the bit where it concerns memory, checks, or what a network has
 * in any case; or it is refused in words. What says which layers there are is no setting.
 */
class NetworkBuilderSettingsTest {

    private static final Set<String> LAYERS_OF_LISTS = Set.of("layer(int, Layer)", "layer(Layer)", "confs(List)");

    private static final Set<String> PARTS_OF_GRAPHS = Set.of(
            "addInputs(Collection)",
            "addInputs(String[])",
            "addLayer(String, Layer, InputPreProcessor, String[])",
            "addLayer(String, Layer, String[])",
            "addVertex(String, GraphVertex, String[])",
            "appendLayer(String, Layer)",
            "appendLayer(String, Layer, InputPreProcessor)",
            "appendVertex(String, GraphVertex)",
            "layer(String, Layer, InputPreProcessor, String[])",
            "layer(String, Layer, String[])",
            "layer(int, Layer, String[])",
            "setOutputs(String[])");

    private static final String PREPROCESSOR = "Layer 0";

    private static RnnToFeedForwardPreProcessor fold() {
        return new RnnToFeedForwardPreProcessor();
    }

    static Stream<BuilderSetting<ListBuilder>> ofLists() {
        return Stream.of(
                indifferent("overrideNinUponBuild(boolean)", b -> b.overrideNinUponBuild(false)),
                refused(
                        "inputPreProcessor(Integer, InputPreProcessor)",
                        b -> b.inputPreProcessor(0, fold()),
                        PREPROCESSOR),
                refused("inputPreProcessors(Map)", b -> b.inputPreProcessors(Map.of(0, fold())), PREPROCESSOR),
                indifferent("cacheMode(CacheMode)", b -> b.cacheMode(CacheMode.DEVICE)),
                // in parts of twenty steps, of which these sequences have none
                indifferent("backpropType(BackpropType)", b -> b.backpropType(BackpropType.TruncatedBPTT)),
                honoured("tBPTTLength(int)", b -> b.tBPTTLength(2).backpropType(BackpropType.TruncatedBPTT)),
                honoured(
                        "tBPTTForwardLength(int)",
                        b -> b.tBPTTForwardLength(2).tBPTTBackwardLength(2).backpropType(BackpropType.TruncatedBPTT)),
                honoured(
                        "tBPTTBackwardLength(int)",
                        b -> b.tBPTTForwardLength(3).tBPTTBackwardLength(3).backpropType(BackpropType.TruncatedBPTT)),
                indifferent("validateOutputLayerConfig(boolean)", b -> b.validateOutputLayerConfig(false)),
                indifferent("validateTbpttConfig(boolean)", b -> b.validateTbpttConfig(false)),
                // DL4J takes that of the settings of all layers
                indifferent("dataType(DataType)", b -> b.dataType(DataType.FLOAT)),
                indifferent("setInputType(InputType)", b -> b.setInputType(InputType.recurrent(3))),
                indifferent("inputType()", b -> b.inputType().recurrent(3)));
    }

    static Stream<BuilderSetting<GraphBuilder>> ofGraphs() {
        return Stream.of(
                indifferent("allowDisconnected(boolean)", b -> b.allowDisconnected(true)),
                indifferent("allowNoOutput(boolean)", b -> b.allowNoOutput(true)),
                refused(
                        "inputPreProcessor(String, InputPreProcessor)",
                        b -> b.inputPreProcessor("hidden", fold()),
                        "hidden"),
                indifferent("backpropType(BackpropType)", b -> b.backpropType(BackpropType.TruncatedBPTT)),
                honoured(
                        "tBPTTLength(int)",
                        b -> b.backpropType(BackpropType.TruncatedBPTT).tBPTTLength(2)),
                honoured(
                        "tBPTTForwardLength(int)",
                        b -> b.backpropType(BackpropType.TruncatedBPTT)
                                .tBPTTForwardLength(2)
                                .tBPTTBackwardLength(2)),
                honoured(
                        "tBPTTBackwardLength(int)",
                        b -> b.backpropType(BackpropType.TruncatedBPTT)
                                .tBPTTForwardLength(3)
                                .tBPTTBackwardLength(3)),
                indifferent("validateOutputLayerConfig(boolean)", b -> b.validateOutputLayerConfig(false)),
                indifferent("validateTbpttConfig(boolean)", b -> b.validateTbpttConfig(false)),
                indifferent("setInputTypes(InputType[])", b -> b.setInputTypes(InputType.recurrent(3))),
                honoured(
                        "removeVertex(String)",
                        b -> b.removeVertex("out")
                                .removeVertex("hidden")
                                .addLayer("hidden", other(), "in")
                                .addLayer("out", output(), "hidden")
                                .setOutputs("out")),
                honoured(
                        "removeVertex(String, boolean)",
                        b -> b.removeVertex("hidden", false).addLayer("hidden", other(), "in")));
    }

    private static LSTM hidden() {
        return new LSTM.Builder().nIn(3).nOut(4).build();
    }

    private static LSTM other() {
        return new LSTM.Builder().nIn(3).nOut(4).activation(Activation.SOFTSIGN).build();
    }

    private static RnnOutputLayer output() {
        return new RnnOutputLayer.Builder(LossFunction.MCXENT)
                .nIn(4)
                .nOut(3)
                .activation(Activation.SOFTMAX)
                .build();
    }

    private static NeuralNetConfiguration.Builder conf() {
        return new NeuralNetConfiguration.Builder()
                .seed(7)
                .dataType(DataType.DOUBLE)
                .updater(Sgn.builder()
                        .damping(Damping.constant(0.1))
                        .lineSearch(LineSearch.none())
                        .cgIterations(3)
                        .build());
    }

    private static MultiLayerNetwork list(Consumer<ListBuilder> set) {
        ListBuilder list = conf().list().layer(hidden()).layer(output());
        set.accept(list);
        MultiLayerNetwork net = new MultiLayerNetwork(list.build());
        net.init();
        return net;
    }

    private static ComputationGraph graph(Consumer<GraphBuilder> set) {
        GraphBuilder builder = conf().graphBuilder()
                .addInputs("in")
                .addLayer("hidden", hidden(), "in")
                .addLayer("out", output(), "hidden")
                .setOutputs("out");
        set.accept(builder);
        ComputationGraph net = new ComputationGraph(builder.build());
        net.init();
        return net;
    }

    private static void attach(Model net) {
        if (net instanceof MultiLayerNetwork layers) {
            GaussNewton.attach(layers);
        } else {
            GaussNewton.attach((ComputationGraph) net);
        }
    }

    private static long[] trained(Model net) {
        INDArray features = Networks.normal(1, 1, 4, 3, 6);
        INDArray labels = Nd4j.nn().softmax(Networks.normal(2, 1, 4, 3, 6), 1);
        attach(net);
        for (int i = 0; i < 2; i++) {
            if (net instanceof MultiLayerNetwork layers) {
                layers.fit(new DataSet(features, labels));
            } else {
                ((ComputationGraph) net).fit(new DataSet(features, labels));
            }
        }
        return bits(net.params());
    }

    private static void assertEffect(BuilderSetting<?> setting, Model with, Model without) {
        if (setting.effect() == Effect.REFUSED) {
            assertFails(UnsupportedNetworkException.class, () -> attach(with), setting.words());
        } else if (setting.effect() == Effect.TRAINS_THE_SAME) {
            assertArrayEquals(trained(without), trained(with));
        } else {
            assertFalse(Arrays.equals(trained(without), trained(with)), "nothing has changed");
        }
    }

    @ParameterizedTest
    @MethodSource("ofLists")
    void aSettingOfANetworkIsHonouredOrRefused(BuilderSetting<ListBuilder> setting) {
        assertEffect(setting, list(setting.set()), list(b -> {}));
    }

    @ParameterizedTest
    @MethodSource("ofGraphs")
    void aSettingOfAGraphIsHonouredOrRefused(BuilderSetting<GraphBuilder> setting) {
        assertEffect(setting, graph(setting.set()), graph(b -> {}));
    }

    @Test
    void everySettingIsTried() {
        assertEquals(fluent(ListBuilder.class, LAYERS_OF_LISTS), names(ofLists()));
        assertEquals(fluent(GraphBuilder.class, PARTS_OF_GRAPHS), names(ofGraphs()));
    }

    private static <B> Set<String> names(Stream<BuilderSetting<B>> settings) {
        return settings.map(BuilderSetting::method).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> fluent(Class<?> builder, Set<String> parts) {
        return Arrays.stream(builder.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()) && !method.isBridge())
                .filter(method -> method.getReturnType().getSimpleName().endsWith("Builder"))
                .filter(method -> !method.getName().startsWith("get"))
                .map(LayerBed::signature)
                .filter(name -> !parts.contains(name))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
