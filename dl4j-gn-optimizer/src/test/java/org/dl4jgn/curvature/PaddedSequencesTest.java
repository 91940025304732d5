package org.dl4jgn.curvature;

import static org.dl4jgn.testing.Networks.normal;
import static org.dl4jgn.testing.SequenceNetwork.steps;
import static org.dl4jgn.testing.SequenceNetwork.whole;
import static org.dl4jgn.testing.Tolerances.FLOAT;
import static org.dl4jgn.testing.Tolerances.PADDING;
import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Convolution1D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.GravesBidirectionalLSTM;
import org.deeplearning4j.nn.conf.layers.GravesLSTM;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SelfAttentionLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.conf.layers.recurrent.TimeDistributed;
import org.deeplearning4j.nn.conf.layers.util.MaskZeroLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.network.MiniBatch;
import org.dl4jgn.plan.ExecutionPlan;
import org.dl4jgn.testing.Networks;
import org.dl4jgn.testing.SequenceNetwork;
import org.dl4jgn.translate.GraphModel;
import org.dl4jgn.translate.Model;
import org.dl4jgn.translate.MultiLayerModel;
import org.dl4jgn.translate.StepPadding;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Sequences that are made longer, so that many lengths share a plan: nothing changes that belongs to the steps there are. */
class PaddedSequencesTest {

    private static final int B = SequenceNetwork.BATCH;

    private static LSTM lstm(int n) {
        return new LSTM.Builder().nOut(n).build();
    }

    private static SimpleRnn rnn(int n) {
        return new SimpleRnn.Builder().nOut(n).build();
    }

    private static DenseLayer dense(int n) {
        return new DenseLayer.Builder().nOut(n).activation(Activation.SIGMOID).build();
    }

    private static Layer nwc(Layer layer) {
        ((org.deeplearning4j.nn.conf.layers.BaseRecurrentLayer) layer).setRnnDataFormat(RNNFormat.NWC);
        return layer;
    }

    private static Layer convolution(ConvolutionMode mode) {
        return new Convolution1D.Builder(2).nOut(3).convolutionMode(mode).build();
    }

    /** Whatever masks there are. */
    private static Stream<SequenceNetwork> always() {
        List<SequenceNetwork> all = new ArrayList<>(List.of(
                steps("simple", rnn(3)),
                steps("two lstms", lstm(3), lstm(2)),
                steps("graves", new GravesLSTM.Builder().nOut(3).build()),
                steps(
                        "graves from both ends",
                        new GravesBidirectionalLSTM.Builder().nOut(3).build()),
                steps("lstm and dense", lstm(3), dense(4), lstm(2)),
                steps("time distributed", rnn(3), new TimeDistributed(dense(3)), rnn(2)),
                steps("causal", convolution(ConvolutionMode.Causal), rnn(2)),
                steps("bidirectional simple", new Bidirectional(Bidirectional.Mode.CONCAT, rnn(3)), lstm(2)),
                whole("last step", lstm(3), new LastTimeStep(lstm(2)), dense(3)),
                whole("last step, bidirectional", new LastTimeStep(new Bidirectional(lstm(2)))),
                new SequenceNetwork("channels last", RNNFormat.NWC, true, nwc(lstm(3)), nwc(rnn(2)))));
        for (PoolingType pooling : PoolingType.values()) {
            all.add(whole(
                    "pooling " + pooling,
                    rnn(3),
                    new GlobalPoolingLayer.Builder(pooling).pnorm(2).build()));
        }
        return all.stream();
    }

    static Stream<Arguments> cases() {
        SequenceNetwork both = steps("bidirectional", lstm(3), new Bidirectional(lstm(3)), rnn(2));
        return Stream.concat(
                always().flatMap(n -> Stream.of(Arguments.of(n, false), Arguments.of(n, true))),
                Stream.of(Arguments.of(both, false)));
    }

    /** Where some layer would see what was added. */
    static Stream<SequenceNetwork> never() {
        return Stream.of(
                steps("normalization", rnn(3), dense(3), new BatchNormalization(), rnn(2)),
                steps("dropout", rnn(3), new DropoutLayer(0.5), rnn(2)),
                steps(
                        "dropout of inputs",
                        new LSTM.Builder().nOut(3).dropOut(0.5).build()),
                whole(
                        "dropout inside",
                        new LastTimeStep(new Bidirectional(
                                new LSTM.Builder().nOut(3).dropOut(0.5).build()))),
                steps("looking ahead", convolution(ConvolutionMode.Same), rnn(2)),
                steps(
                        "attention",
                        rnn(3),
                        new SelfAttentionLayer.Builder()
                                .nOut(3)
                                .nHeads(1)
                                .headSize(2)
                                .projectInput(true)
                                .build()),
                steps(
                        "mask zero",
                        new MaskZeroLayer.Builder().setUnderlying(rnn(3)).build()));
    }

    private static MiniBatch batch(SequenceNetwork network, long steps, boolean masked) {
        INDArray x = normal((int) steps, 1, B, SequenceNetwork.CHANNELS, (int) steps);
        INDArray mask = masked ? mask(steps) : null;
        boolean last = network.format() == RNNFormat.NWC;
        return batch(
                last ? x.permute(0, 2, 1).dup('c') : x, mask, network.labels(DataType.DOUBLE, steps), network.steps());
    }

    private static MiniBatch batch(INDArray x, @Nullable INDArray mask, INDArray y, boolean ofSteps) {
        return new MiniBatch(
                List.of(x),
                Collections.singletonList(mask),
                List.of(y),
                Collections.singletonList(ofSteps ? mask : null));
    }

    /** With a gap, and an end before the last step. */
    private static INDArray mask(long steps) {
        INDArray mask = Nd4j.ones(DataType.DOUBLE, B, steps);
        mask.putScalar(1, 0, 0);
        mask.putScalar(2, steps - 1, 0);
        return mask;
    }

    private static void assertSame(MultiLayerNetwork net, Model model, MiniBatch batch, Owners owners) {
        INDArray v = normal(5, 1, net.numParams()).reshape(net.numParams());
        INDArray theta = Nd4j.createUninitialized(DataType.DOUBLE, net.numParams());
        owners.plain.order().toWorkingOrder(net.params().dup('c').reshape(theta.length()), theta);
        NetworkProblem plain = owners.plain.of(batch, 0, 0);
        NetworkProblem padded = owners.padded.of(batch, 0, 0);
        owners.plans.add(padded.executionPlan());
        String what = Arrays.toString(batch.features().get(0).shape()) + ", ";
        NetworkPoint a = plain.linearize(theta);
        NetworkPoint b = padded.linearize(theta);
        assertClose(a.value(), b.value(), PADDING, what + "value");
        assertClose(a.score(), b.score(), PADDING, what + "score");
        assertClose(a.leastValue(), b.leastValue(), PADDING, what + "least value");
        assertClose(a.lossCurvature(), b.lossCurvature(), PADDING, what + "curvature of the loss");
        assertClose(a.rounding(), b.rounding(), PADDING, what + "rounding");
        assertClose(a.gradient(), b.gradient(), PADDING, what + "gradient");
        INDArray hv = v.ulike();
        INDArray paddedHv = v.ulike();
        a.gaussNewton().apply(v, hv);
        b.gaussNewton().apply(v, paddedHv);
        assertClose(hv, paddedHv, PADDING, what + "Hv");
        Map<String, INDArray> activations = a.activations();
        assertEquals(activations.keySet(), b.activations().keySet());
        b.activations()
                .forEach((name, array) ->
                        assertClose(activations.get(name), array, PADDING, what + "activations of " + name));
    }

    /** Problems with padding and without. */
    private static final class Owners implements AutoCloseable {
        final NetworkProblems plain;
        final NetworkProblems padded;
        final Set<ExecutionPlan> plans = Collections.newSetFromMap(new IdentityHashMap<>());

        Owners(Model model) {
            plain = new NetworkProblems(model);
            padded = new NetworkProblems(model, true);
        }

        @Override
        public void close() {
            plain.close();
            padded.close();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void nothingChangesButRounding(SequenceNetwork network, boolean masked) {
        MultiLayerNetwork net = network.network(DataType.DOUBLE);
        Model model = new MultiLayerModel(net);
        try (Owners owners = new Owners(model)) {
            for (long steps : new long[] {2, 3, 9, 10, 13}) {
                assertSame(net, model, batch(network, steps, masked), owners);
            }
            assertEquals(4, owners.plans.size(), "9 steps and 10 share a plan");
        }
    }

    @Test
    void twentyLengthsShareNinePlans() {
        SequenceNetwork network = steps("lstm", lstm(3));
        MultiLayerNetwork net = network.network(DataType.DOUBLE, new Sgd(0.1), LossFunction.MCXENT, Activation.SOFTMAX);
        Model model = new MultiLayerModel(net);
        try (Owners owners = new Owners(model)) {
            for (int round = 0; round < 2; round++) {
                LongStream.range(10, 30).forEach(i -> {
                    long steps = 10 + (i - 10) * 7 % 20;
                    assertSame(net, model, batch(network, steps, false), owners);
                });
            }
            assertEquals(9, owners.plans.size());
        }
    }

    /** Where loops of recurrent layers are calls of their own. */
    @Test
    void nothingChangesInFloatEither() {
        SequenceNetwork network = steps("lstm", lstm(3), new Bidirectional(lstm(3)), rnn(2));
        MultiLayerNetwork net = network.network(DataType.FLOAT);
        try (Owners owners = new Owners(new MultiLayerModel(net))) {
            INDArray theta = Nd4j.createUninitialized(DataType.FLOAT, net.numParams());
            owners.plain.order().toWorkingOrder(net.params().dup('c').reshape(theta.length()), theta);
            for (long steps : new long[] {2, 3, 9, 10}) {
                MiniBatch batch = batch(network, steps, false);
                NetworkPoint a = owners.plain.of(batch, 0, 0).linearize(theta);
                NetworkProblem padded = owners.padded.of(batch, 0, 0);
                NetworkPoint b = padded.linearize(theta);
                owners.plans.add(padded.executionPlan());
                assertClose(a.value(), b.value(), FLOAT, "value");
                assertClose(a.gradient(), b.gradient(), FLOAT, "gradient");
            }
            assertEquals(3, owners.plans.size());
        }
    }

    @Test
    void indicesAreSequencesToo() {
        EmbeddingSequenceLayer embedding =
                new EmbeddingSequenceLayer.Builder().nIn(2).nOut(3).build();
        SequenceNetwork network = steps("embedding", embedding, lstm(3));
        MultiLayerNetwork net = network.network(DataType.DOUBLE);
        Model model = new MultiLayerModel(net);
        try (Owners owners = new Owners(model)) {
            for (long steps : new long[] {2, 3, 9, 10}) {
                INDArray x = Networks.classes(4, (int) (B * steps), 2)
                        .castTo(DataType.DOUBLE)
                        .reshape(B, steps);
                assertSame(net, model, batch(x, null, network.labels(DataType.DOUBLE, steps), true), owners);
            }
            assertEquals(3, owners.plans.size());
        }
    }

    @ParameterizedTest
    @MethodSource("never")
    void whatWouldSeeTheAddedStepsIsNotPadded(SequenceNetwork network) {
        assertEquals(StepPadding.NEVER, new MultiLayerModel(network.network(DataType.DOUBLE)).padding());
    }

    /** Added steps would be examples to it, and divide the loss. */
    @Test
    void stepsThatAreExamplesOfAnOutputLayerAreNotPadded() {
        MultiLayerNetwork net = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .list()
                .layer(lstm(3))
                .layer(dense(3))
                .layer(new OutputLayer.Builder(LossFunction.MSE)
                        .nOut(2)
                        .activation(Activation.IDENTITY)
                        .build())
                .setInputType(InputType.recurrent(2))
                .build());
        net.init();
        assertEquals(StepPadding.NEVER, new MultiLayerModel(net).padding());
        ComputationGraph graph = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("in")
                .addLayer("lstm", lstm(3), "in")
                .addLayer(
                        "out",
                        new OutputLayer.Builder(LossFunction.MSE)
                                .nOut(2)
                                .activation(Activation.IDENTITY)
                                .build(),
                        "lstm")
                .setInputTypes(InputType.recurrent(2))
                .setOutputs("out")
                .build());
        graph.init();
        assertEquals(StepPadding.NEVER, new GraphModel(graph).padding());
    }

    @Test
    void anExampleWithoutAnyStepIsNotPadded() {
        SequenceNetwork network = whole("last step", new LastTimeStep(lstm(2)));
        MultiLayerNetwork net = network.network(DataType.DOUBLE);
        Model model = new MultiLayerModel(net);
        try (Owners owners = new Owners(model)) {
            for (long steps : new long[] {2, 3, 9, 13}) {
                INDArray mask = mask(steps);
                mask.getRow(1).assign(0);
                INDArray x = normal((int) steps, 1, B, SequenceNetwork.CHANNELS, (int) steps);
                assertSame(net, model, batch(x, mask, network.labels(DataType.DOUBLE, steps), false), owners);
            }
            assertEquals(4, owners.plans.size());
        }
    }

    @Test
    void lengthsThatComeOftenAreCompiledAsTheyAre() {
        StepLengths lengths = new StepLengths();
        assertEquals(OptionalLong.empty(), lengths.of(50, true));
        assertEquals(OptionalLong.empty(), lengths.of(7, true));
        assertEquals(OptionalLong.empty(), lengths.of(50, true));
        for (int i = 0; i < 6; i++) {
            assertEquals(OptionalLong.of(28), lengths.of(26, true));
        }
        assertEquals(OptionalLong.of(28), lengths.of(26, false), "no room");
        assertEquals(OptionalLong.empty(), lengths.of(26, true), "often");
        assertEquals(OptionalLong.empty(), lengths.of(26, false));
        assertEquals(OptionalLong.of(28), lengths.of(28, true));
        Set<Long> octave = new HashSet<>();
        for (long steps = 65; steps <= 128; steps++) {
            long rounded = lengths.of(steps, true).orElseThrow();
            assertTrue(rounded >= steps && rounded <= 1.25 * steps, steps + " becomes " + rounded);
            octave.add(rounded);
        }
        assertEquals(Set.of(80L, 96L, 112L, 128L), octave);
    }
}
