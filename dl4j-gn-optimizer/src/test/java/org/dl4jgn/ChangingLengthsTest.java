package org.dl4jgn;

import static org.dl4jgn.testing.Networks.normal;
import static org.dl4jgn.testing.Tolerances.PADDING;
import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.rnn.LastTimeStepVertex;
import org.deeplearning4j.nn.conf.graph.rnn.ReverseTimeSeriesVertex;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToRnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.RnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.dl4jgn.conf.Damping;
import org.dl4jgn.conf.Egn;
import org.dl4jgn.conf.LineSearch;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.testing.Searching;
import org.dl4jgn.translate.GraphModel;
import org.dl4jgn.translate.MultiLayerModel;
import org.dl4jgn.translate.StepPadding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * Training on sequences of changing lengths: each step is that of a network that was attached for this one length, and so has it
 * compiled as it is.
 */
class ChangingLengthsTest {

    private static final int B = 3;
    private static final int IN = 2;
    private static final int N = 4;

    private static final Damping DAMPING = Damping.constant(0.1);
    private static final Sgn SGN = Searching.sgn()
            .cgIterations(3)
            .damping(DAMPING)
            .lineSearch(LineSearch.none())
            .build();
    private static final Egn EGN =
            Searching.egn().damping(DAMPING).lineSearch(LineSearch.none()).build();

    static List<IUpdater> optimizers() {
        return List.of(SGN, EGN);
    }

    private static RnnOutputLayer classes(int nIn) {
        return new RnnOutputLayer.Builder(LossFunction.MCXENT)
                .nIn(nIn)
                .nOut(IN)
                .activation(Activation.SOFTMAX)
                .build();
    }

    private static LSTM lstm(int nIn) {
        return new LSTM.Builder().nIn(nIn).nOut(N).activation(Activation.TANH).build();
    }

    private static NeuralNetConfiguration.Builder builder(IUpdater optimizer) {
        return new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .seed(3)
                .l2(1e-3)
                .updater(optimizer);
    }

    /** With dense layers that DL4J has on steps as if they were examples. */
    private static MultiLayerNetwork layers(IUpdater optimizer, int truncated) {
        NeuralNetConfiguration.ListBuilder list = builder(optimizer)
                .list()
                .layer(lstm(IN))
                .layer(new DenseLayer.Builder()
                        .nIn(N)
                        .nOut(3)
                        .activation(Activation.TANH)
                        .build())
                .layer(new SimpleRnn.Builder()
                        .nIn(3)
                        .nOut(N)
                        .activation(Activation.TANH)
                        .build())
                .layer(classes(N))
                .inputPreProcessor(1, new RnnToFeedForwardPreProcessor())
                .inputPreProcessor(2, new FeedForwardToRnnPreProcessor());
        if (truncated > 0) {
            list.backpropType(BackpropType.TruncatedBPTT).tBPTTLength(truncated);
        }
        MultiLayerNetwork net = new MultiLayerNetwork(list.build());
        net.init();
        net.setParams(start(net));
        return GaussNewton.attach(net);
    }

    /** From both ends by vertices, with an output for each step and one for all. */
    private static ComputationGraph graph(IUpdater optimizer) {
        ComputationGraph net = new ComputationGraph(builder(optimizer)
                .graphBuilder()
                .addInputs("a", "b")
                .addVertex("both", new MergeVertex(), "a", "b")
                .addLayer("forwards", lstm(2 * IN), "both")
                .addVertex("reversed", new ReverseTimeSeriesVertex("a"), "both")
                .addLayer("backwards", lstm(2 * IN), "reversed")
                .addVertex("again", new ReverseTimeSeriesVertex("b"), "backwards")
                .addVertex("together", new MergeVertex(), "forwards", "again")
                .addLayer("steps", classes(2 * N), "together")
                .addVertex("last", new LastTimeStepVertex("a"), "together")
                .addLayer(
                        "whole",
                        new OutputLayer.Builder(LossFunction.MSE)
                                .nIn(2 * N)
                                .nOut(2)
                                .activation(Activation.IDENTITY)
                                .build(),
                        "last")
                .setOutputs("steps", "whole")
                .build());
        net.init();
        net.setParams(start(net));
        return GaussNewton.attach(net);
    }

    private static INDArray start(Model net) {
        return normal(1, 0.5, 1, (int) net.numParams());
    }

    private static INDArray features(int seed, int steps) {
        return normal(seed, 1, B, IN, steps);
    }

    private static INDArray labels(int steps) {
        INDArray y = Nd4j.zeros(DataType.DOUBLE, B, IN, steps);
        for (int i = 0; i < B; i++) {
            for (int t = 0; t < steps; t++) {
                y.putScalar(new int[] {i, (i + t) % 3 % IN, t}, 1.0);
            }
        }
        return y;
    }

    private static DataSet batch(int steps) {
        return new DataSet(features(steps, steps), labels(steps));
    }

    private static MultiDataSet pair(int steps) {
        return new MultiDataSet(
                new INDArray[] {features(steps, steps), features(100 + steps, steps)},
                new INDArray[] {labels(steps), normal(7, 1, B, 2)});
    }

    /** Of a network that has had two lengths, so that others are rounded up. */
    private static <N extends Model> void assertSteps(Function<IUpdater, N> fresh, IUpdater optimizer, Fit<N> fit) {
        N net = fresh.apply(optimizer);
        fit.on(net, 2);
        fit.on(net, 3);
        for (int steps : new int[] {9, 13, 10}) {
            N once = fresh.apply(optimizer);
            net.setParams(start(net));
            fit.on(net, steps);
            fit.on(once, steps);
            assertClose(once.score(), net.score(), PADDING, "score of " + steps + " steps");
            assertClose(once.params(), net.params(), PADDING, "parameters after " + steps + " steps");
        }
    }

    @Test
    void bothKindsOfNetworkArePadded() {
        assertEquals(StepPadding.ALWAYS, new MultiLayerModel(layers(SGN, 9)).padding());
        assertEquals(StepPadding.ALWAYS, new GraphModel(graph(SGN)).padding());
    }

    private interface Fit<N> {
        void on(N net, int steps);
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void stepsOfANetworkOfLayers(IUpdater optimizer) {
        assertSteps(o -> layers(o, 0), optimizer, (net, steps) -> net.fit(batch(steps)));
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void stepsOfAGraph(IUpdater optimizer) {
        assertSteps(ChangingLengthsTest::graph, optimizer, (net, steps) -> net.fit(pair(steps)));
    }

    @Test
    void theStateIsCarriedFromTheLastStepThatIsThere() {
        MultiLayerNetwork net = layers(SGN, 9);
        net.fit(batch(2));
        net.fit(batch(3));
        for (int steps : new int[] {23, 11}) {
            MultiLayerNetwork once = layers(SGN, 9);
            net.setParams(start(net));
            net.rnnClearPreviousState();
            net.fit(batch(steps));
            once.fit(batch(steps));
            assertClose(once.params(), net.params(), PADDING, "parameters after pieces of " + steps + " steps");
            for (int t = 0; t < 3; t++) {
                INDArray x = normal(t, 1, B, IN);
                assertClose(once.rnnTimeStep(x), net.rnnTimeStep(x), PADDING, "time step " + t);
            }
        }
    }

    @Test
    void listenersSeeTheStepsThatAreThere() {
        MultiLayerNetwork net = layers(SGN, 0);
        net.fit(batch(2));
        net.fit(batch(3));
        List<long[]> shapes = new ArrayList<>();
        net.setListeners(new BaseTrainingListener() {
            @Override
            public void onForwardPass(Model model, List<INDArray> activations) {
                activations.forEach(array -> shapes.add(array.shape()));
            }
        });
        net.fit(batch(9));
        assertEquals(4, shapes.size());
        assertArrayEquals(new long[] {B, IN, 9}, shapes.get(0));
        assertArrayEquals(new long[] {B, N, 9}, shapes.get(1));
        assertArrayEquals(new long[] {B * 9, 3}, shapes.get(2));
        assertArrayEquals(new long[] {B, N, 9}, shapes.get(3));
    }
}
