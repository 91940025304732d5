package org.dl4jgn;

import static org.dl4jgn.testing.Failures.assertFails;
import static org.dl4jgn.testing.Small.bits;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.OptimizationAlgorithm;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.distribution.BinomialDistribution;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.dropout.GaussianDropout;
import org.deeplearning4j.nn.conf.dropout.SpatialDropout;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.AutoEncoder;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GravesLSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToRnnPreProcessor;
import org.deeplearning4j.nn.conf.stepfunctions.NegativeGradientStepFunction;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.deeplearning4j.nn.conf.weightnoise.WeightNoise;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.solvers.accumulation.BasicGradientsAccumulator;
import org.deeplearning4j.optimize.solvers.accumulation.LocalHandler;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.testing.Small;
import org.dl4jgn.translate.UnsupportedNetworkException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/**
 * What is not supported is refused by {@code attach} in words that name it and say what is supported, and the network is
 * as it was.
 */
class RefusalTest {

    private static final Sgn SGN = Sgn.builder().build();

    private static final class OwnActivation extends ActivationTanH {
        private static final long serialVersionUID = 1L;
    }

    private static final class OwnLoss extends LossMSE {
        private static final long serialVersionUID = 1L;
    }

    private static final class OwnRegularization extends L2Regularization {
        private static final long serialVersionUID = 1L;

        OwnRegularization() {
            super(0.1);
        }
    }

    private static Arguments setting(
            String name, Consumer<NeuralNetConfiguration.Builder> settings, String... mentioned) {
        return Arguments.of(name, Small.configuration(SGN, settings, Small.layers()), List.of(mentioned));
    }

    private static Arguments hidden(String name, Layer hidden, String... mentioned) {
        Layer[] layers = {hidden, Small.output(5, Small.CLASSES, LossFunction.MCXENT, Activation.SOFTMAX)};
        return Arguments.of(name, Small.configuration(SGN, conf -> {}, layers), List.of(mentioned));
    }

    private static Arguments last(String name, Layer output, String... mentioned) {
        Layer[] layers = {Small.layers()[0], output};
        return Arguments.of(name, Small.configuration(SGN, conf -> {}, layers), List.of(mentioned));
    }

    private static DenseLayer.Builder dense() {
        return new DenseLayer.Builder().nIn(Small.INPUTS).nOut(5).name("first");
    }

    static Stream<Arguments> settings() {
        return Stream.of(
                setting(
                        "a regularization of one's own",
                        c -> c.regularization(List.of(new OwnRegularization())),
                        "Layer 0 (DenseLayer)",
                        "parameter W",
                        "OwnRegularization",
                        "weightDecay"),
                hidden(
                        "weight noise of a distribution that cannot be seeded",
                        dense().weightNoise(new WeightNoise(new BinomialDistribution(2, 0.5)))
                                .build(),
                        "'first'",
                        "BinomialDistribution",
                        "NormalDistribution"),
                hidden(
                        "a recurrent layer of peepholes with weight noise",
                        new GravesLSTM.Builder()
                                .nIn(Small.INPUTS)
                                .nOut(5)
                                .weightNoise(new DropConnect(0.5))
                                .build(),
                        "GravesLSTM",
                        "weight noise (DropConnect)",
                        "dense, output, convolution, SimpleRnn and LSTM layers"),
                setting("minimize(false)", c -> c.minimize(false), "minimize(false)", "minimize(true)"),
                setting("half precision", c -> c.dataType(DataType.HALF), "HALF", "FLOAT", "DOUBLE"),
                setting(
                        "another optimization algorithm",
                        c -> c.optimizationAlgo(OptimizationAlgorithm.LBFGS),
                        "LBFGS",
                        "Sgn"),
                setting(
                        "a step function",
                        c -> c.stepFunction(new NegativeGradientStepFunction()),
                        "stepFunction",
                        "NegativeGradientStepFunction",
                        "learningRate"),
                setting("a bias updater", c -> c.biasUpdater(new Adam()), "bias updater", "Adam", "one Sgn or Egn"),
                setting(
                        "other settings for biases",
                        c -> c.biasUpdater(Sgn.builder().cgIterations(5).build()),
                        "bias parameters",
                        "cgIterations=5",
                        "one optimizer"),
                hidden(
                        "an updater of a layer",
                        dense().updater(new Adam()).build(),
                        "'first'",
                        "Adam",
                        "one Sgn or Egn"),
                hidden(
                        "other settings in a layer",
                        dense().updater(Sgn.builder().cgIterations(5).build()).build(),
                        "Layer 1 (OutputLayer)",
                        "cgIterations=5",
                        "cgIterations=8"),
                hidden(
                        "an activation of one's own",
                        dense().activation(new OwnActivation()).build(),
                        "'first'",
                        "activation",
                        "tanh",
                        "sigmoid"),
                hidden(
                        "ELU with alpha 2",
                        dense().activation(new ActivationELU(2.0)).build(),
                        "elu(alpha=2.0)",
                        "elu(alpha=1.0)"),
                hidden(
                        "a leaking ReLU by its settings",
                        dense().activation(new ActivationReLU(6.0, 0.0, 0.1)).build(),
                        "relu",
                        "leakyrelu"),
                hidden(
                        "spatial dropout where there is no space",
                        dense().dropOut(new SpatialDropout(0.5)).build(),
                        "SpatialDropout on vectors",
                        "Dropout"),
                hidden(
                        "convolution without a preprocessor after it",
                        new ConvolutionLayer.Builder(2, 2).nIn(1).nOut(5).build(),
                        "Layer 1 (OutputLayer)",
                        "setInputType"),
                hidden(
                        "an output layer in the middle",
                        new OutputLayer.Builder(LossFunction.MSE)
                                .nIn(Small.INPUTS)
                                .nOut(5)
                                .activation(Activation.TANH)
                                .build(),
                        "Layer 0 (OutputLayer)",
                        "a layer with a loss before the last one"),
                hidden(
                        "a loss layer in the middle",
                        new LossLayer.Builder(LossFunction.MSE)
                                .activation(Activation.TANH)
                                .build(),
                        "Layer 0 (LossLayer)",
                        "a layer with a loss before the last one"),
                hidden(
                        "a rate at which nothing is left",
                        dense().dropOut(new GaussianDropout(1.0)).build(),
                        "(DenseLayer)",
                        "the rate of GaussianDropout of 1.0",
                        "0 ≤ rate < 1"),
                Arguments.of(
                        "windows of padding alone, maximum",
                        padded(SubsamplingLayer.PoolingType.MAX),
                        List.of("Layer 1 (SubsamplingLayer)", "padding of 2 for windows of 2 elements")),
                Arguments.of(
                        "windows of padding alone, mean",
                        padded(SubsamplingLayer.PoolingType.AVG),
                        List.of("Layer 1 (SubsamplingLayer)", "padding of 2 for windows of 2 elements")),
                last(
                        "no output layer",
                        new DenseLayer.Builder().nIn(5).nOut(3).build(),
                        "Layer 1 (DenseLayer)",
                        "OutputLayer",
                        "LossLayer"),
                last(
                        "a loss of one's own",
                        new OutputLayer.Builder(new OwnLoss())
                                .nIn(5)
                                .nOut(3)
                                .activation(Activation.IDENTITY)
                                .build(),
                        "Loss",
                        "OwnLoss",
                        "MSE"),
                Arguments.of(
                        "input preprocessor",
                        preprocessed(),
                        List.of("Layer 1 (OutputLayer)", "an input of 1 dimensions", "a preprocessor")),
                Arguments.of(
                        "truncated backpropagation",
                        truncated(),
                        List.of("tBPTTBackwardLength 10", "tBPTTForwardLength 20", "tBPTTLength")));
    }

    private static MultiLayerConfiguration preprocessed() {
        MultiLayerConfiguration conf = Small.configuration(SGN);
        conf.setInputPreProcessors(new HashMap<>(Map.of(1, new FeedForwardToRnnPreProcessor())));
        return conf;
    }

    private static MultiLayerConfiguration padded(SubsamplingLayer.PoolingType type) {
        return new NeuralNetConfiguration.Builder()
                .updater(SGN)
                .list()
                .layer(new ConvolutionLayer.Builder(1, 1).nOut(1).build())
                .layer(new SubsamplingLayer.Builder(type, new int[] {2, 2}, new int[] {1, 1}, new int[] {2, 2}).build())
                .layer(new DenseLayer.Builder().nOut(4).build())
                .layer(new OutputLayer.Builder(LossFunction.MSE)
                        .nOut(2)
                        .activation(Activation.IDENTITY)
                        .build())
                .setInputType(InputType.convolutional(4, 4, 1))
                .build();
    }

    private static MultiLayerConfiguration truncated() {
        MultiLayerConfiguration conf = Small.configuration(SGN);
        conf.setBackpropType(BackpropType.TruncatedBPTT);
        conf.setTbpttFwdLength(20);
        conf.setTbpttBackLength(10);
        return conf;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("settings")
    void isRefusedByName(String name, MultiLayerConfiguration conf, List<String> mentioned) {
        assertRefused(Small.network(conf), mentioned);
    }

    /** All that DL4J's enum names; those that it does not are in the tests of losses. */
    @ParameterizedTest
    @EnumSource(LossFunction.class)
    void everyNamedLossHasACurvature(LossFunction loss) {
        Activation activation = loss == LossFunction.XENT ? Activation.SIGMOID : Activation.SOFTMAX;
        MultiLayerNetwork net =
                Small.network(SGN, conf -> {}, Small.layers()[0], Small.output(5, Small.CLASSES, loss, activation));
        GaussNewton.attach(net);
        assertTrue(GaussNewton.report(net).isEmpty());
    }

    @Test
    void sharingGradientsIsRefusedBeforeAndAfter() {
        MultiLayerNetwork before = Small.network(SGN);
        before.setGradientsAccumulator(new BasicGradientsAccumulator(1, new LocalHandler()));
        assertRefused(before, List.of("GradientsAccumulator", "one worker"));

        MultiLayerNetwork after = Small.attached(SGN);
        assertFails(
                UnsupportedNetworkException.class,
                () -> after.setGradientsAccumulator(new BasicGradientsAccumulator(1, new LocalHandler())),
                "GradientsAccumulator");
        after.setGradientsAccumulator(null);
        after.fit(Small.data(10));
        assertEquals(1, after.getIterationCount());
    }

    @Test
    void aRefusedNetworkTrainsOnWithItsOwnOptimizer() {
        MultiLayerNetwork net = Small.network(new Sgd(0.1));
        MultiLayerNetwork other = Small.network(new Sgd(0.1));
        assertRefused(net, List.of("Layer 0 (DenseLayer)", "Sgd", "Sgn or Egn"));
        net.fit(Small.data(10));
        other.fit(Small.data(10));
        assertArrayEquals(bits(other), bits(net));
    }

    private static void assertRefused(MultiLayerNetwork net, List<String> mentioned) {
        long[] before = bits(net);
        var solver = net.getOptimizer();
        String message = assertFails(
                UnsupportedNetworkException.class, () -> GaussNewton.attach(net), mentioned.toArray(new String[0]));
        assertTrue(message.contains("Supported: "), message);
        assertArrayEquals(before, bits(net));
        assertEquals(solver, net.getOptimizer());
        assertThrows(IllegalStateException.class, () -> GaussNewton.report(net));
    }

    /** Whoever has to change five settings is not to find them one by one. */
    @Test
    void allThatIsNotSupportedIsToldAtOnce() {
        MultiLayerNetwork net = new MultiLayerNetwork(Small.configuration(
                SGN,
                conf -> conf.stepFunction(new NegativeGradientStepFunction()),
                dense().activation(new OwnActivation())
                        .dropOut(new OwnDropout())
                        .build(),
                new AutoEncoder.Builder().nIn(5).nOut(5).build(),
                new DenseLayer.Builder()
                        .nIn(5)
                        .nOut(5)
                        .activation(new OwnActivation())
                        .build(),
                new OutputLayer.Builder(new OwnLoss()).nIn(5).nOut(3).build()));
        net.init();
        UnsupportedNetworkException refusal =
                assertThrows(UnsupportedNetworkException.class, () -> GaussNewton.attach(net));
        String said = refusal.getMessage();
        for (String mentioned : List.of(
                "stepFunction",
                "OwnDropout",
                "Layer 0 'first' (DenseLayer): activation",
                "Layer 1 (AutoEncoder)",
                "Layer 2 (DenseLayer): activation",
                "OwnLoss")) {
            assertTrue(said.contains(mentioned), () -> mentioned + " is not in " + said);
        }
        assertEquals(6, refusal.reasons().size(), said);
        assertTrue(said.startsWith("6 settings of the network are not supported:"), said);
    }

    private static final class OwnDropout extends Dropout {
        private static final long serialVersionUID = 1L;

        OwnDropout() {
            super(0.5);
        }

        @Override
        public OwnDropout clone() {
            return new OwnDropout();
        }
    }
}
