package org.dl4jgn;

import static org.dl4jgn.testing.Failures.assertFails;
import static org.dl4jgn.testing.Failures.assertNothingChanges;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.CenterLossOutputLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffLambdaLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.testing.Small;
import org.dl4jgn.translate.UnsupportedNetworkException;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.regularization.L1Regularization;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.learning.regularization.WeightDecay;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** Settings of networks that go with nothing: a sentence that names them, and nothing is changed. */
class StrangeNetworksTest {

    private static final Sgn SGN = Sgn.builder().build();

    private static NeuralNetConfiguration.Builder conf() {
        return new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(DataType.DOUBLE)
                .updater(SGN);
    }

    static Stream<Named<Layer>> frozen() {
        return Stream.of(
                Named.of("FrozenLayer", new FrozenLayer(dense())),
                Named.of("FrozenLayerWithBackprop", new FrozenLayerWithBackprop(dense())));
    }

    private static Layer dense() {
        return Small.layers()[0];
    }

    private static Layer loss() {
        return new LossLayer.Builder(LossFunction.MSE)
                .activation(Activation.IDENTITY)
                .build();
    }

    /** That is, if all of a network is frozen. */
    @ParameterizedTest
    @MethodSource("frozen")
    void anOutputThatNothingTrainedLeadsTo(Layer frozen) {
        MultiLayerNetwork net = Small.network(SGN, conf -> {}, frozen, loss());
        assertFails(
                UnsupportedNetworkException.class,
                () -> GaussNewton.attach(net),
                "Layer 1 (LossLayer)",
                "no parameter that is trained",
                "not frozen");
        GraphBuilder graph = conf().graphBuilder()
                .addInputs("in")
                .addLayer("trained", dense(), "in")
                .addLayer("one", loss(), "trained")
                .addLayer("frozen", frozen.clone(), "in")
                .addLayer("other", loss(), "frozen")
                .setOutputs("one", "other");
        ComputationGraph two = new ComputationGraph(graph.build());
        two.init();
        assertFails(
                UnsupportedNetworkException.class,
                () -> GaussNewton.attach(two),
                "'other' (LossLayer)",
                "no parameter that is trained");
    }

    private static MultiLayerNetwork truncated(int length, Layer... layers) {
        NeuralNetConfiguration.ListBuilder list = conf().list();
        Stream.of(layers).forEach(list::layer);
        return Small.network(list.tBPTTLength(length)
                .backpropType(BackpropType.TruncatedBPTT)
                .build());
    }

    @Test
    void partsOfNoSteps() {
        RnnOutputLayer output = new RnnOutputLayer.Builder(LossFunction.MSE)
                .nIn(5)
                .nOut(3)
                .activation(Activation.IDENTITY)
                .build();
        MultiLayerNetwork net = truncated(0, new LSTM.Builder().nIn(4).nOut(5).build(), output);
        assertFails(
                UnsupportedNetworkException.class, () -> GaussNewton.attach(net), "tBPTTForwardLength 0", "one step");
    }

    /** DL4J logs a warning at each {@code fit}, and returns. */
    @Test
    void partsOfVectors() {
        MultiLayerNetwork net = truncated(2, Small.layers());
        assertFails(
                UnsupportedNetworkException.class,
                () -> GaussNewton.attach(net),
                "Layer 1 (OutputLayer)",
                "truncated backpropagation",
                "BackpropType.Standard");
    }

    /** Kinds of regularization. */
    enum Kind {
        L1,
        L2,
        WEIGHT_DECAY;

        private Regularization of(ISchedule schedule) {
            return switch (this) {
                case L1 -> new L1Regularization(schedule);
                case L2 -> new L2Regularization(schedule);
                case WEIGHT_DECAY -> new WeightDecay(schedule, false);
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    void schedulesOfRegularizationThatGoAstray(Kind kind) {
        for (double bad : new double[] {-5, Double.NaN, Double.POSITIVE_INFINITY}) {
            ISchedule schedule = new MapSchedule(ScheduleType.ITERATION, Map.of(0, 0.01, 1, bad));
            MultiLayerNetwork net = GaussNewton.attach(
                    Small.network(SGN, conf -> conf.regularization(List.of(kind.of(schedule))), Small.layers()));
            net.fit(Small.data(10));
            assertNothingChanges(
                    net,
                    Small.data(10),
                    IllegalStateException.class,
                    "Layer 0 (DenseLayer), parameter W",
                    String.valueOf(bad),
                    "iteration 1",
                    "schedule");
        }
    }

    static Stream<Arguments> numbers() {
        return Stream.of(
                Arguments.of(new BatchNormalization.Builder().decay(Double.NaN).build(), "decay of NaN"),
                Arguments.of(new BatchNormalization.Builder().decay(-1).build(), "decay of -1.0"),
                Arguments.of(new BatchNormalization.Builder().decay(2).build(), "decay of 2.0"),
                Arguments.of(new BatchNormalization.Builder().eps(-1).build(), "eps of -1.0"),
                Arguments.of(new BatchNormalization.Builder().eps(Double.NaN).build(), "eps of NaN"),
                Arguments.of(center().alpha(Double.NaN).build(), "alpha of NaN"),
                Arguments.of(center().alpha(-1).build(), "alpha of -1.0"),
                Arguments.of(center().lambda(-1).build(), "lambda of -1.0"),
                Arguments.of(center().lambda(Double.POSITIVE_INFINITY).build(), "lambda of Infinity"));
    }

    private static CenterLossOutputLayer.Builder center() {
        return new CenterLossOutputLayer.Builder(LossFunction.MCXENT)
                .nOut(Small.CLASSES)
                .activation(Activation.SOFTMAX);
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("numbers")
    void numbersOfLayersThatCannotBeMeant(Layer layer, String number) {
        NeuralNetConfiguration.ListBuilder list =
                conf().list().layer(new DenseLayer.Builder().nOut(5).build()).layer(layer);
        if (layer instanceof BatchNormalization) {
            list.layer(Small.output(0, Small.CLASSES, LossFunction.MCXENT, Activation.SOFTMAX));
        }
        MultiLayerNetwork net =
                Small.network(list.setInputType(InputType.feedForward(4)).build());
        String name = "Layer 1 (" + layer.getClass().getSimpleName() + ")";
        assertFails(UnsupportedNetworkException.class, () -> GaussNewton.attach(net), name, number, "Supported: ");
    }

    /** Of a user. */
    public static final class Failing extends SameDiffLambdaLayer {

        @Override
        public SDVariable defineLayer(SameDiff graph, SDVariable input) {
            throw new IllegalArgumentException("not that");
        }

        @Override
        public InputType getOutputType(int index, InputType type) {
            return type;
        }
    }

    @Test
    void aDefinitionThatFails() {
        MultiLayerNetwork net = Small.network(conf().list()
                .layer(new DenseLayer.Builder().nOut(5).build())
                .layer(new Failing())
                .layer(Small.output(0, Small.CLASSES, LossFunction.MCXENT, Activation.SOFTMAX))
                .setInputType(InputType.feedForward(4))
                .build());
        assertFails(
                IllegalStateException.class, () -> GaussNewton.attach(net), "Layer 1 (Failing)", "[1, 5]", "not that");
    }

    /** Of a user, who says less or more than is true. */
    public static final class Misleading extends SameDiffLambdaLayer {

        private final transient UnaryOperator<SDVariable> definition;
        private final transient InputType type;

        Misleading(UnaryOperator<SDVariable> definition, InputType type) {
            this.definition = definition;
            this.type = type;
        }

        @Override
        public SDVariable defineLayer(SameDiff graph, SDVariable input) {
            return definition.apply(input);
        }

        @Override
        public InputType getOutputType(int index, InputType given) {
            return type;
        }
    }

    private static MultiLayerNetwork misleading(UnaryOperator<SDVariable> definition, int size) {
        return Small.network(conf().list()
                .layer(new DenseLayer.Builder().nOut(5).build())
                .layer(new Misleading(definition, InputType.feedForward(size)))
                .layer(Small.output(0, Small.CLASSES, LossFunction.MCXENT, Activation.SOFTMAX))
                .setInputType(InputType.feedForward(4))
                .build());
    }

    /** They failed within ND4J, in the layer behind. */
    @Test
    void anOutputOfAnotherShapeThanItsTypeSays() {
        assertRefused(misleading(x -> x, 6), "[1, 5]", "getOutputType says [1, 6]");
        assertRefused(misleading(x -> x.sum(1), 5), "an output of shape [1] for an input of shape [1, 5]");
        assertRefused(misleading(x -> x.castTo(DataType.INT), 5), "an output of type INT", "DOUBLE");
        assertRefused(misleading(x -> null, 5), "a definition that returns null");
        GaussNewton.attach(misleading(x -> x, 5));
    }

    private static void assertRefused(MultiLayerNetwork net, String... words) {
        String[] all = Stream.concat(Stream.of("Layer 1 (Misleading)"), Stream.of(words))
                .toArray(String[]::new);
        assertFails(UnsupportedNetworkException.class, () -> GaussNewton.attach(net), all);
    }

    /** A network of sequences is tried with one of another length than the data have. */
    @Test
    void stepsThatItsTypeDoesNotCount() {
        MultiLayerNetwork net = Small.network(conf().list()
                .layer(new Misleading(x -> x.mul(2), InputType.recurrent(3, 6)))
                .layer(new RnnOutputLayer.Builder(LossFunction.MSE)
                        .nIn(3)
                        .nOut(3)
                        .build())
                .build());
        assertFails(
                UnsupportedNetworkException.class,
                () -> GaussNewton.attach(net),
                "Layer 0 (Misleading)",
                "[1, 3, 1]",
                "getOutputType says [1, 3, 6]",
                "for any input");
    }
}
