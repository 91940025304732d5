package org.dl4jgn;

import static java.util.Objects.requireNonNull;
import static org.dl4jgn.testing.Failures.assertFails;
import static org.dl4jgn.testing.Small.bits;
import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.optimize.listeners.CheckpointListener;
import org.deeplearning4j.optimize.listeners.CollectScoresIterationListener;
import org.deeplearning4j.optimize.listeners.EvaluativeListener;
import org.deeplearning4j.optimize.listeners.PerformanceListener;
import org.deeplearning4j.optimize.listeners.ScoreIterationListener;
import org.dl4jgn.conf.Damping;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.optimize.TrainingStoppedException;
import org.dl4jgn.testing.Small;
import org.dl4jgn.testing.Tolerances;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

/** DL4J's listeners see of Gauss-Newton training what they see of training with DL4J's own optimizers. */
class ListenersTest {

    private static final Sgn SGN = Sgn.builder().build();

    /** Writes down every callback, with what can be read from the network in it. */
    private static final class Recorder implements TrainingListener {

        final List<String> calls = new ArrayList<>();

        private void record(String call, Model model) {
            MultiLayerNetwork net = (MultiLayerNetwork) model;
            calls.add(call + " at " + net.getIterationCount() + "/" + net.getEpochCount() + " of batch "
                    + net.getInput().size(0));
        }

        @Override
        public void iterationDone(Model model, int iteration, int epoch) {
            record("iterationDone(" + iteration + ", " + epoch + ")", model);
        }

        @Override
        public void onEpochStart(Model model) {
            calls.add("onEpochStart");
        }

        @Override
        public void onEpochEnd(Model model) {
            record("onEpochEnd", model);
        }

        @Override
        public void onForwardPass(Model model, List<INDArray> activations) {
            record("onForwardPass(" + activations.size() + ")", model);
        }

        @Override
        public void onForwardPass(Model model, Map<String, INDArray> activations) {
            record("onForwardPass of a graph", model);
        }

        @Override
        public void onGradientCalculation(Model model) {
            record("onGradientCalculation", model);
        }

        @Override
        public void onBackwardPass(Model model) {
            record("onBackwardPass", model);
        }
    }

    @Test
    void callbacksComeInTheSameOrderWithTheSameCounts() {
        Recorder bySgd = new Recorder();
        Recorder bySgn = new Recorder();
        MultiLayerNetwork sgd = Small.network(new Sgd(0.1));
        MultiLayerNetwork sgn = Small.attached(SGN);
        sgd.addListeners(bySgd);
        sgn.addListeners(bySgn);
        for (MultiLayerNetwork net : new MultiLayerNetwork[] {sgd, sgn}) {
            net.fit(Small.iterator(), 2);
            net.fit(Small.data(7));
        }
        assertEquals(bySgd.calls, bySgn.calls);
        assertEquals(2 * (2 + 3 * 4) + 4, bySgn.calls.size());
    }

    /** Keeps copies of what DL4J shows before the update. */
    private static final class Snapshot extends BaseTrainingListener {

        final List<INDArray> activations = new ArrayList<>();
        final Map<String, INDArray> gradients = new LinkedHashMap<>();
        INDArray flat = Nd4j.empty();
        INDArray before = Nd4j.empty();
        INDArray update = Nd4j.empty();
        double score;

        @Override
        public void onForwardPass(Model model, List<INDArray> layerActivations) {
            layerActivations.forEach(a -> activations.add(a.dup().detach()));
        }

        @Override
        public void onBackwardPass(Model model) {
            score = model.score();
        }

        @Override
        public void onGradientCalculation(Model model) {
            before = model.params().dup();
            flat = model.gradient().gradient().dup();
            model.gradient().gradientForVariable().forEach((name, g) -> gradients.put(name, g.dup()));
        }

        @Override
        public void iterationDone(Model model, int iteration, int epoch) {
            update = model.gradient().gradient().dup();
        }
    }

    @Test
    void gradientActivationsAndScoreAreThoseOfDl4j() {
        Snapshot bySgd = new Snapshot();
        Snapshot bySgn = new Snapshot();
        MultiLayerNetwork sgd = Small.network(new Sgd(0.1), conf -> conf.l2(0.03), Small.layers());
        MultiLayerNetwork sgn = GaussNewton.attach(Small.network(SGN, conf -> conf.l2(0.03), Small.layers()));
        sgd.addListeners(bySgd);
        sgn.addListeners(bySgn);
        DataSet data = Small.data(20);
        sgd.fit(data);
        sgn.fit(data);

        assertClose(bySgd.score, bySgn.score, Tolerances.ROUNDING, "score");
        assertClose(bySgd.flat, bySgn.flat, Tolerances.ROUNDING, "raw gradient");
        assertEquals(bySgd.gradients.keySet(), bySgn.gradients.keySet());
        bySgd.gradients.forEach(
                (name, g) -> assertClose(g, requireNonNull(bySgn.gradients.get(name)), Tolerances.ROUNDING, name));
        assertEquals(bySgd.activations.size(), bySgn.activations.size());
        for (int i = 0; i < bySgd.activations.size(); i++) {
            assertClose(bySgd.activations.get(i), bySgn.activations.get(i), Tolerances.ROUNDING, "activations " + i);
        }
        INDArray moved = bySgn.before.sub(sgn.params());
        assertClose(moved, bySgn.update.reshape(moved.shape()), Tolerances.ROUNDING, "update");
    }

    @Test
    void listenersAreHeardWheneverTheyWereAdded() {
        List<BiConsumer<MultiLayerNetwork, TrainingListener>> ways = List.of(
                (net, listener) -> {
                    net.addListeners(listener);
                    GaussNewton.attach(net);
                },
                (net, listener) -> GaussNewton.attach(net).addListeners(listener),
                (net, listener) -> {
                    net.setListeners(listener);
                    GaussNewton.attach(net);
                },
                (net, listener) -> GaussNewton.attach(net).setListeners(listener),
                (net, listener) -> GaussNewton.attach(net).setListeners(List.of(listener)),
                (net, listener) -> {
                    net.setListeners(new ScoreIterationListener(1));
                    GaussNewton.attach(net).setListeners(listener);
                });
        for (int way = 0; way < ways.size(); way++) {
            MultiLayerNetwork net = Small.network(SGN);
            CollectScoresIterationListener scores = new CollectScoresIterationListener();
            ways.get(way).accept(net, scores);
            net.fit(Small.iterator());
            assertEquals(3, scores.getScoreVsIter().getEffectiveScores().length, "way " + way);
        }
    }

    @Test
    void removedListenersAreNotHeard() {
        MultiLayerNetwork net = Small.attached(SGN);
        CollectScoresIterationListener scores = new CollectScoresIterationListener();
        net.addListeners(scores);
        net.fit(Small.data(10));
        net.setListeners();
        net.fit(Small.data(10));
        assertEquals(1, scores.getScoreVsIter().getEffectiveScores().length);
    }

    @Test
    void listenersDoNotChangeTraining() {
        MultiLayerNetwork alone = Small.attached(SGN);
        MultiLayerNetwork watched = Small.attached(SGN);
        watched.addListeners(new Snapshot(), new Recorder());
        alone.fit(Small.iterator(), 2);
        watched.fit(Small.iterator(), 2);
        assertArrayEquals(bits(alone), bits(watched));
    }

    @Test
    void theListenersOfDl4jWork(@TempDir Path directory) {
        MultiLayerNetwork net = Small.attached(SGN);
        CollectScoresIterationListener scores = new CollectScoresIterationListener();
        DataSet test = Small.data(15);
        EvaluativeListener evaluation = new EvaluativeListener(Small.iterator(test), 1);
        List<Double> accuracies = new ArrayList<>();
        evaluation.setCallback(
                (listener, model, count, evaluations) -> accuracies.add(((Evaluation) evaluations[0]).accuracy()));
        CheckpointListener checkpoints = new CheckpointListener.Builder(directory.toFile())
                .keepAll()
                .saveEveryNIterations(1)
                .build();
        net.addListeners(
                new ScoreIterationListener(1), new PerformanceListener(1, true), scores, evaluation, checkpoints);
        net.fit(Small.iterator());

        MultiLayerNetwork alone = Small.attached(SGN);
        List<Double> expected = new ArrayList<>();
        List<Double> expectedAccuracies = new ArrayList<>();
        for (DataSet batch : Small.batches()) {
            alone.fit(batch);
            expected.add(alone.score());
            expectedAccuracies.add(alone.evaluate(Small.iterator(test)).accuracy());
        }
        assertEquals(
                expected,
                Arrays.stream(scores.getScoreVsIter().getEffectiveScores())
                        .boxed()
                        .toList());
        assertEquals(expectedAccuracies, accuracies);
        assertArrayEquals(bits(alone), bits(net));
        assertArrayEquals(bits(net), bits(CheckpointListener.loadLastCheckpointMLN(directory.toFile())));
    }

    @Test
    void gaussNewtonListenersGetTheReportOfEachStep() {
        MultiLayerNetwork net = Small.attached(SGN);
        List<StepReport> reports = new ArrayList<>();
        List<INDArray> parameters = new ArrayList<>();
        GaussNewtonListener listener = (model, report) -> {
            assertSame(net, model);
            assertSame(report, GaussNewton.report(model).orElseThrow());
            reports.add(report);
            parameters.add(model.params().dup());
        };
        assertTrue(GaussNewton.report(net).isEmpty());
        net.addListeners(listener);
        net.fit(Small.iterator(), 2);
        assertEquals(
                List.of(0, 1, 2, 3, 4, 5),
                reports.stream().map(StepReport::iteration).toList());
        assertEquals(
                List.of(0, 0, 0, 1, 1, 1),
                reports.stream().map(StepReport::epoch).toList());
        assertEquals(net.params(), parameters.get(5));
        assertSame(reports.get(5), GaussNewton.report(net).orElseThrow());
    }

    // ---- ending a training from a listener ------------------------------------------------------------------------

    /** Calls an action in one callback of iteration 3. */
    private static final class Interruption implements GaussNewtonListener {

        final String callback;
        final Consumer<MultiLayerNetwork> action;

        Interruption(String callback, Consumer<MultiLayerNetwork> action) {
            this.callback = callback;
            this.action = action;
        }

        private void at(String name, Model model) {
            MultiLayerNetwork net = (MultiLayerNetwork) model;
            if (name.equals(callback) && net.getIterationCount() == 3) {
                action.accept(net);
            }
        }

        @Override
        public void stepDone(Model net, StepReport report) {
            at("stepDone", net);
        }

        @Override
        public void iterationDone(Model model, int iteration, int epoch) {
            at("iterationDone", model);
        }

        @Override
        public void onForwardPass(Model model, List<INDArray> activations) {
            at("onForwardPass", model);
        }

        @Override
        public void onBackwardPass(Model model) {
            at("onBackwardPass", model);
        }

        @Override
        public void onGradientCalculation(Model model) {
            at("onGradientCalculation", model);
        }

        @Override
        public void onEpochStart(Model model) {
            at("onEpochStart", model);
        }

        @Override
        public void onEpochEnd(Model model) {
            at("onEpochEnd", model);
        }
    }

    private static MultiLayerNetwork after(int steps) {
        MultiLayerNetwork net = Small.attached(STATEFUL);
        List<DataSet> batches = Small.batches();
        for (int i = 0; i < steps; i++) {
            net.fit(batches.get(i % 3));
        }
        return net;
    }

    private static final Sgn STATEFUL = Sgn.builder()
            .momentum(0.5)
            .warmStart(0.5)
            .damping(Damping.nielsen(1e-3))
            .build();

    private static void assertIsAfter(int steps, MultiLayerNetwork net, String what) {
        MultiLayerNetwork expected = after(steps);
        assertArrayEquals(bits(expected), bits(net), what + ": parameters");
        assertEquals(expected.updaterState(), net.updaterState(), what + ": state");
        assertEquals(steps, net.getIterationCount(), what);
    }

    @Test
    void aListenerStopsATrainingAfterTheStepThatIsUnderWay() {
        for (String callback :
                List.of("onForwardPass", "onBackwardPass", "onGradientCalculation", "stepDone", "iterationDone")) {
            MultiLayerNetwork net = Small.attached(STATEFUL);
            net.addListeners(new Interruption(callback, model -> GaussNewton.stop(model, "enough, in " + callback)));
            String message = assertFails(TrainingStoppedException.class, () -> net.fit(Small.iterator(), 4));
            assertEquals("enough, in " + callback, message);
            assertIsAfter(4, net, callback);
            net.setListeners();
            net.fit(Small.batches().get(1));
            assertIsAfter(5, net, callback + ", gone on");
        }
    }

    @Test
    void aStopBetweenStepsComesBeforeTheNext() {
        for (String callback : List.of("onEpochStart", "onEpochEnd")) {
            MultiLayerNetwork net = Small.attached(STATEFUL);
            net.addListeners(new Interruption(callback, model -> GaussNewton.stop(model, "enough")));
            assertFails(TrainingStoppedException.class, () -> net.fit(Small.iterator(), 4), "enough");
            assertIsAfter(3, net, callback);
            assertEquals(1, net.getEpochCount(), callback);
        }
        MultiLayerNetwork net = Small.attached(STATEFUL);
        GaussNewton.stop(net, "not at all");
        assertFails(TrainingStoppedException.class, () -> net.fit(Small.iterator()), "not at all");
        assertIsAfter(0, net, "before the first step");
        net.fit(Small.batches().get(0));
        assertIsAfter(1, net, "once said, once heard");
    }

    @Test
    void onlyAnAttachedNetworkIsStopped() {
        assertFails(
                IllegalStateException.class,
                () -> GaussNewton.stop(Small.network(SGN), "enough"),
                "GaussNewton.attach(net)");
    }

    @Test
    void aListenerThatThrowsLeavesTheLastWholeStep() {
        for (String callback :
                List.of("onForwardPass", "onBackwardPass", "onGradientCalculation", "stepDone", "iterationDone")) {
            MultiLayerNetwork net = Small.attached(STATEFUL);
            net.addListeners(new Interruption(callback, model -> {
                throw new UncheckedIOException(new IOException("disk full"));
            }));
            assertFails(UncheckedIOException.class, () -> net.fit(Small.iterator(), 4), "disk full");
            boolean isBefore = callback.startsWith("on");
            net.setListeners();
            assertIsAfter(isBefore ? 3 : 4, net, callback);
            net.fit(Small.batches().get(isBefore ? 0 : 1));
            assertIsAfter(isBefore ? 4 : 5, net, callback + ", gone on");
        }
    }
}
