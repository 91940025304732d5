package org.dl4jgn;

import static org.dl4jgn.testing.Tolerances.ROUNDING;
import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.dl4jgn.testing.Tolerances.products;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.StackVertex;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.preprocessor.RnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.util.ModelSerializer;
import org.dl4jgn.conf.Damping;
import org.dl4jgn.conf.Egn;
import org.dl4jgn.conf.LineSearch;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.curvature.Linearization;
import org.dl4jgn.optimize.TrainingStoppedException;
import org.dl4jgn.testing.Dl4j;
import org.dl4jgn.testing.Failures;
import org.dl4jgn.testing.GraphNetworks;
import org.dl4jgn.testing.RecurrentGraphs;
import org.dl4jgn.translate.UnsupportedNetworkException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.dataset.adapter.SingletonDataSetIterator;
import org.nd4j.linalg.dataset.adapter.SingletonMultiDataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Training computation graphs as DL4J's users do. */
class GraphTrainingTest {

    private static final Sgn SGN = Sgn.builder().cgIterations(4).momentum(0.3).build();

    private static GraphNetworks.Case named(String name) {
        return GraphNetworks.all().stream()
                .filter(c -> c.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static ComputationGraph trained(GraphNetworks.Case graph, IUpdater updater, int steps) {
        ComputationGraph net = GaussNewton.attach(graph.network(DataType.DOUBLE, updater));
        for (int i = 0; i < steps; i++) {
            net.fit(graph.batch(DataType.DOUBLE, 4, i));
        }
        return net;
    }

    static Stream<IUpdater> updaters() {
        return Stream.of(SGN, Egn.builder().build());
    }

    @ParameterizedTest
    @MethodSource("updaters")
    void theLossOfEveryGraphFalls(IUpdater updater) {
        for (GraphNetworks.Case graph : GraphNetworks.combinations()) {
            MultiDataSet batch = graph.batch(DataType.DOUBLE);
            ComputationGraph net = GaussNewton.attach(graph.network(DataType.DOUBLE, updater));
            net.fit(batch);
            double first = net.score();
            for (int i = 0; i < 5; i++) {
                net.fit(batch);
            }
            assertTrue(net.score() < first, graph + ": " + first + " to " + net.score());
        }
    }

    @Test
    void allFormsOfFitTakeTheSameStep() {
        GraphNetworks.Case graph = named("residual blocks");
        MultiDataSet batch = graph.batch(DataType.DOUBLE);
        DataSet one = new DataSet(batch.getFeatures(0), batch.getLabels(0));
        List<INDArray> params = new ArrayList<>();
        for (int form = 0; form < 6; form++) {
            ComputationGraph net = GaussNewton.attach(graph.network(DataType.DOUBLE, SGN));
            switch (form) {
                case 0 -> net.fit(batch);
                case 1 -> net.fit(one);
                case 2 -> net.fit(new SingletonDataSetIterator(one));
                case 3 -> net.fit(new SingletonMultiDataSetIterator(batch));
                case 4 -> net.fit(batch.getFeatures(), batch.getLabels());
                default -> net.fit(new SingletonMultiDataSetIterator(batch), 1);
            }
            assertEquals(1, net.getIterationCount());
            params.add(net.params());
        }
        params.forEach(p -> assertEquals(params.get(0), p));
    }

    @Test
    void batchesOfOtherSizesAreFine() {
        GraphNetworks.Case graph = named("two inputs, three heads");
        ComputationGraph net = GaussNewton.attach(graph.network(DataType.DOUBLE, SGN));
        for (int b : new int[] {4, 3, 1, 7, 4, 2}) {
            net.fit(graph.batch(DataType.DOUBLE, b, b));
            assertTrue(GaussNewton.report(net).orElseThrow().lossBefore() > 0);
        }
    }

    @Test
    void aClonedAndARestoredGraphGoOnToTheBit() throws IOException {
        for (String name : List.of("two inputs, three heads", "residual blocks with batch normalization")) {
            GraphNetworks.Case graph = named(name);
            ComputationGraph net = trained(graph, SGN, 3);
            ByteArrayOutputStream saved = new ByteArrayOutputStream();
            ModelSerializer.writeModel(net, saved, true);
            ComputationGraph restored = GaussNewton.attach(
                    ModelSerializer.restoreComputationGraph(new ByteArrayInputStream(saved.toByteArray()), true));
            ComputationGraph clone = GaussNewton.attach(net.clone());
            // which DL4J's clone of a graph forgets; a clone of a MultiLayerNetwork has it
            clone.getConfiguration().setIterationCount(net.getIterationCount());
            ComputationGraph anew = trained(graph, SGN, 0);
            anew.setParams(net.params());
            for (int i = 3; i < 6; i++) {
                for (ComputationGraph each : List.of(net, restored, clone, anew)) {
                    each.fit(graph.batch(DataType.DOUBLE, 4, i));
                }
            }
            assertEquals(net.params(), restored.params(), name);
            assertEquals(net.params(), clone.params(), name);
            assertNotEquals(net.params(), anew.params(), "without its state");
        }
    }

    @Test
    void listenersSeeWhatDl4jsOptimizersShow() {
        GraphNetworks.Case graph = named("residual blocks");
        MultiDataSet batch = graph.batch(DataType.DOUBLE);
        Seen expected = new Seen();
        ComputationGraph dl4j = graph.network(DataType.DOUBLE, new Sgd(0.0));
        dl4j.setListeners(expected);
        dl4j.fit(batch);
        Seen actual = new Seen();
        ComputationGraph net = GaussNewton.attach(graph.network(DataType.DOUBLE, SGN));
        net.setListeners(actual);
        net.fit(batch);
        assertEquals(expected.activations.keySet(), actual.activations.keySet());
        expected.activations.forEach((name, values) ->
                assertClose(values, actual.activations.get(name), ROUNDING, "activations of " + name));
        assertEquals(expected.gradient.keySet(), actual.gradient.keySet());
        expected.gradient.forEach((name, values) ->
                assertClose(values.ravel(), actual.gradient.get(name).ravel(), ROUNDING, "gradient of " + name));
    }

    private static final class Seen extends BaseTrainingListener {

        private Map<String, INDArray> activations = Map.of();
        private Map<String, INDArray> gradient = Map.of();

        @Override
        public void onForwardPass(Model model, Map<String, INDArray> given) {
            activations = copies(given);
        }

        @Override
        public void onBackwardPass(Model model) {
            gradient = copies(((ComputationGraph) model).gradient().gradientForVariable());
        }

        private static Map<String, INDArray> copies(Map<String, INDArray> arrays) {
            Map<String, INDArray> copies = new TreeMap<>();
            arrays.forEach((name, array) -> copies.put(name, array.dup('c')));
            return copies;
        }
    }

    @Test
    void reportsAndStopsAreOfGraphsToo() {
        GraphNetworks.Case graph = named("residual blocks");
        ComputationGraph net = graph.network(DataType.DOUBLE, SGN);
        assertThrows(IllegalStateException.class, () -> GaussNewton.report(net));
        assertThrows(IllegalStateException.class, () -> net.fit(graph.batch(DataType.DOUBLE)));
        assertSame(net, GaussNewton.attach(net));
        List<Integer> steps = new ArrayList<>();
        GaussNewtonListener listener = (model, report) -> {
            steps.add(report.iteration());
            if (report.iteration() == 1) {
                GaussNewton.stop(model, "enough");
            }
        };
        net.setListeners(listener);
        net.fit(graph.batch(DataType.DOUBLE));
        String message = assertThrows(TrainingStoppedException.class, () -> net.fit(graph.batch(DataType.DOUBLE)))
                .getMessage();
        assertEquals("enough", message);
        assertEquals(List.of(0, 1), steps);
        assertEquals(2, net.getIterationCount());
    }

    @Test
    void learningRatesAreSetAsEver() {
        GraphNetworks.Case graph = named("residual blocks");
        Sgn fixed = Sgn.builder()
                .damping(Damping.constant(0.1))
                .lineSearch(LineSearch.none())
                .build();
        List<INDArray> moves = new ArrayList<>();
        for (double rate : new double[] {1, 0.5}) {
            ComputationGraph net = GaussNewton.attach(graph.network(DataType.DOUBLE, fixed));
            net.setLearningRate(rate);
            INDArray before = net.params().dup();
            net.fit(graph.batch(DataType.DOUBLE));
            moves.add(net.params().sub(before).div(rate));
        }
        assertClose(moves.get(0), moves.get(1), ROUNDING, "step");
    }

    @Test
    void masksOfLabelsLeaveExamplesOut() {
        GraphNetworks.Case graph = named("two inputs, three heads");
        MultiDataSet batch = graph.batch(DataType.DOUBLE);
        INDArray mask = Nd4j.createFromArray(1.0, 0.0, 1.0, 1.0).reshape(4, 1);
        MultiDataSet masked =
                new MultiDataSet(batch.getFeatures(), batch.getLabels(), null, new INDArray[] {mask, null, mask});
        INDArray[] others = Stream.of(batch.getLabels()).map(INDArray::dup).toArray(INDArray[]::new);
        others[0].getRow(1).assign(100);
        others[2].getRow(1).assign(1 - others[2].getDouble(1, 0));
        MultiDataSet other = new MultiDataSet(batch.getFeatures(), others, null, new INDArray[] {mask, null, mask});
        ComputationGraph a = GaussNewton.attach(graph.network(DataType.DOUBLE, SGN));
        ComputationGraph b = GaussNewton.attach(graph.network(DataType.DOUBLE, SGN));
        a.fit(masked);
        b.fit(other);
        assertEquals(a.params(), b.params());
        assertClose(a.score(), graph.network(DataType.DOUBLE, new Sgd(0.1)).score(masked, true), ROUNDING, "score");
    }

    @Test
    void whatIsWrongWithABatchIsSaidWithItsNumber() {
        GraphNetworks.Case graph = named("two inputs, three heads");
        ComputationGraph net = GaussNewton.attach(graph.network(DataType.DOUBLE, SGN));
        MultiDataSet good = graph.batch(DataType.DOUBLE);
        INDArray[] labels = good.getLabels().clone();
        labels[1] = Nd4j.ones(DataType.DOUBLE, 4, 2);
        INDArray before = net.params().dup();
        Failures.assertFails(
                IllegalArgumentException.class,
                () -> net.fit(good.getFeatures(), labels),
                "Labels 1",
                "[4, 3]",
                "[4, 2]");
        INDArray[] features = good.getFeatures().clone();
        features[0] = Nd4j.ones(DataType.DOUBLE, 3, 3);
        Failures.assertFails(
                IllegalArgumentException.class, () -> net.fit(features, good.getLabels()), "Features 1", "examples");
        Failures.assertFails(
                UnsupportedNetworkException.class,
                () -> net.fit(new MultiDataSet(
                        good.getFeatures(),
                        good.getLabels(),
                        new INDArray[] {Nd4j.ones(DataType.DOUBLE, 4, 1), null},
                        null)),
                "A mask of the features of 'in0'",
                "no sequences");
        assertEquals(before, net.params());
    }

    @Test
    void stepsThatCountAsExamplesGoWithOthersSuch() {
        for (GraphVertex vertex : List.of(new MergeVertex(), new StackVertex())) {
            ComputationGraph net = new ComputationGraph(new NeuralNetConfiguration.Builder()
                    .updater(SGN)
                    .graphBuilder()
                    .addInputs("in0", "in1")
                    .addLayer(
                            "a",
                            new LSTM.Builder()
                                    .nIn(2)
                                    .nOut(2)
                                    .dataFormat(RNNFormat.NCW)
                                    .build(),
                            "in0")
                    .addVertex("steps", new PreprocessorVertex(new RnnToFeedForwardPreProcessor()), "a")
                    .addVertex("v", vertex, "steps", "in1")
                    .addLayer(
                            "out",
                            new OutputLayer.Builder(LossFunction.MSE)
                                    .nIn(4)
                                    .nOut(2)
                                    .build(),
                            "v")
                    .setOutputs("out")
                    .build());
            net.init();
            Failures.assertFails(
                    UnsupportedNetworkException.class,
                    () -> GaussNewton.attach(net),
                    "Vertex 'v'",
                    "steps that count as examples");
        }
    }

    @Test
    void recurrentLayersInAGraphAreTrained() {
        GraphNetworks.Case graph = RecurrentGraphs.encoderAndDecoder();
        for (IUpdater updater : List.of(SGN, Egn.builder().build())) {
            ComputationGraph net = GaussNewton.attach(graph.network(DataType.DOUBLE, updater));
            MultiDataSet batch = graph.batch(DataType.DOUBLE);
            double before = net.score(batch, true);
            for (int i = 0; i < 5; i++) {
                net.fit(batch);
            }
            double after = net.score(batch, true);
            assertTrue(after < before, () -> after + " of " + before);
        }
    }

    @Test
    void onlyOneOptimizerGoes() {
        ComputationGraph net = named("residual blocks").network(DataType.DOUBLE, new Sgd(0.1));
        Failures.assertFails(UnsupportedNetworkException.class, () -> GaussNewton.attach(net), "Sgd", "Sgn or Egn");
    }

    @Test
    void exactStepsSolveTheSystemOfAllHeads() {
        GraphNetworks.Case graph = named("two inputs, three heads");
        Egn egn = Egn.builder().damping(Damping.constant(1e-3)).build();
        ComputationGraph net = GaussNewton.attach(graph.network(DataType.DOUBLE, egn));
        net.fit(graph.batch(DataType.DOUBLE));
        StepReport report = GaussNewton.report(net).orElseThrow();
        assertTrue(Set.of("GRAM_CHOLESKY", "PARAMETER_CHOLESKY").contains(report.solver()), report::toString);
        assertTrue(report.lossAfter() < report.lossBefore());
    }

    /** As transfer learning freezes it: layers in a FrozenLayer, other vertices in a FrozenVertex. */
    @Test
    void theFrozenPartOfAGraphStaysAsItIs() {
        GraphNetworks.Case graph = named("residual blocks");
        MultiDataSet batch = graph.batch(DataType.DOUBLE);
        ComputationGraph frozen = new TransferLearning.GraphBuilder(graph.network(DataType.DOUBLE, SGN))
                .setFeatureExtractor("add")
                .build();
        // transfer learning forgets the type of a graph
        double tolerance = products(frozen.params().dataType());
        Dl4j expected = Dl4j.of(frozen, batch);
        try (Linearization at = GaussNewton.linearize(frozen).at(batch)) {
            assertClose(expected.score(), at.loss(), tolerance, "loss");
            assertClose(expected.gradient(), at.gradient(), tolerance, "gradient");
            INDArray j = at.jacobian();
            assertClose(j.mmul(j.transpose()), at.gram(), tolerance, "JJᵀ");
        }
        for (IUpdater updater : List.of(SGN, Egn.builder().build())) {
            ComputationGraph net = new TransferLearning.GraphBuilder(graph.network(DataType.DOUBLE, updater))
                    .setFeatureExtractor("add")
                    .build();
            GaussNewton.attach(net);
            Map<String, INDArray> before = Seen.copies(net.paramTable());
            for (int i = 0; i < 3; i++) {
                net.fit(batch);
            }
            before.forEach((name, values) -> assertEquals(
                    Set.of("a", "b", "c").contains(name.substring(0, name.indexOf('_'))),
                    values.equals(net.paramTable().get(name)),
                    name));
        }
    }
}
