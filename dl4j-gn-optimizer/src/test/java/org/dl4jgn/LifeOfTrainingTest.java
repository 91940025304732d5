package org.dl4jgn;

import static org.dl4jgn.testing.Failures.assertFails;
import static org.dl4jgn.testing.Small.bits;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.deeplearning4j.core.storage.Persistable;
import org.deeplearning4j.earlystopping.EarlyStoppingConfiguration;
import org.deeplearning4j.earlystopping.EarlyStoppingResult;
import org.deeplearning4j.earlystopping.saver.InMemoryModelSaver;
import org.deeplearning4j.earlystopping.scorecalc.DataSetLossCalculator;
import org.deeplearning4j.earlystopping.termination.MaxEpochsTerminationCondition;
import org.deeplearning4j.earlystopping.trainer.EarlyStoppingGraphTrainer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.listeners.CheckpointListener;
import org.deeplearning4j.optimize.listeners.PerformanceListener;
import org.deeplearning4j.parallelism.ParallelWrapper;
import org.deeplearning4j.ui.model.stats.StatsListener;
import org.deeplearning4j.ui.model.stats.impl.SbeStatsReport;
import org.deeplearning4j.ui.model.storage.InMemoryStatsStorage;
import org.deeplearning4j.util.ModelSerializer;
import org.dl4jgn.conf.Egn;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.testing.GraphNetworks;
import org.dl4jgn.testing.Small;
import org.dl4jgn.testing.Tolerances;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** What DL4J's users have around a training besides its loop. */
class LifeOfTrainingTest {

    private static final Sgn SGN = Sgn.builder().cgIterations(4).momentum(0.3).build();

    private static GraphNetworks.Case graph() {
        return GraphNetworks.all().stream()
                .filter(c -> c.name().equals("residual blocks"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void earlyStoppingTrainsAnAttachedGraph() {
        MultiDataSet batch = graph().batch(DataType.DOUBLE);
        ComputationGraph net = GaussNewton.attach(graph().network(DataType.DOUBLE, SGN));
        DataSet one = new DataSet(batch.getFeatures(0), batch.getLabels(0));
        EarlyStoppingConfiguration<ComputationGraph> configuration = new EarlyStoppingConfiguration.Builder<
                        ComputationGraph>()
                .epochTerminationConditions(new MaxEpochsTerminationCondition(4))
                .scoreCalculator(new DataSetLossCalculator(Small.iterator(one), true))
                .modelSaver(new InMemoryModelSaver<>())
                .build();
        EarlyStoppingResult<ComputationGraph> result =
                new EarlyStoppingGraphTrainer(configuration, net, Small.iterator(one)).fit();
        assertEquals(4, net.getIterationCount());
        ComputationGraph best = GaussNewton.attach(result.getBestModel());
        double lowest = Collections.min(result.getScoreVsEpoch().values());
        Tolerances.assertClose(lowest, best.score(one), Tolerances.ROUNDING, "score of the best model");
    }

    /** DL4J's listener saves the iteration count of before the step, ours that after it. */
    @Test
    void checkpointsOfAGraphGoOnToTheBit(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("newest.zip");
        ComputationGraph net = GaussNewton.attach(graph().network(DataType.DOUBLE, SGN));
        net.addListeners(
                new CheckpointListener.Builder(directory.toFile())
                        .keepLast(2)
                        .saveEveryNIterations(4)
                        .build(),
                new CheckpointFile(file, 4),
                new PerformanceListener(1, true));
        for (int i = 0; i < 6; i++) {
            net.fit(graph().batch(DataType.DOUBLE, 4, i));
        }
        ComputationGraph again = GaussNewton.attach(ModelSerializer.restoreComputationGraph(file.toFile(), true));
        assertEquals(4, again.getIterationCount());
        ComputationGraph theirs = GaussNewton.attach(CheckpointListener.loadLastCheckpointCG(directory.toFile()));
        int done = theirs.getIterationCount() + 1;
        for (int i = 4; i < 6; i++) {
            again.fit(graph().batch(DataType.DOUBLE, 4, i));
        }
        for (int i = done; i < 6; i++) {
            theirs.fit(graph().batch(DataType.DOUBLE, 4, i));
        }
        assertArrayEquals(bits(net.params()), bits(again.params()));
        assertArrayEquals(bits(net.params()), bits(theirs.params()));
    }

    @Test
    void aCheckpointThatCannotBeWrittenLeavesTheOneBeforeAndTheWholeStep(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("newest.zip");
        MultiLayerNetwork net = Small.attached(SGN);
        net.addListeners(new CheckpointFile(file, 1));
        net.fit(Small.data(20));
        byte[] before = Files.readAllBytes(file);
        Path obstacle = Files.createDirectory(directory.resolve("newest.zip.new"));
        assertFails(UncheckedIOException.class, () -> net.fit(Small.data(20)), "newest.zip", "as it was");
        assertArrayEquals(before, Files.readAllBytes(file));
        assertEquals(2, net.getIterationCount());
        Files.deleteIfExists(obstacle);
        net.fit(Small.data(20));
        MultiLayerNetwork again = GaussNewton.attach(ModelSerializer.restoreMultiLayerNetwork(file.toFile(), true));
        assertEquals(3, again.getIterationCount());
        assertArrayEquals(bits(net), bits(again));
    }

    /** A device that has no room for a single byte. */
    @Test
    @EnabledIf("hasFullDevice")
    void aFullDiskLeavesTheCheckpointBefore(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("newest.zip");
        MultiLayerNetwork net = Small.attached(SGN);
        CheckpointFile.write(net, file);
        byte[] before = Files.readAllBytes(file);
        Files.createSymbolicLink(directory.resolve("newest.zip.new"), Path.of("/dev/full"));
        assertFails(UncheckedIOException.class, () -> CheckpointFile.write(net, file), "newest.zip", "as it was");
        assertArrayEquals(before, Files.readAllBytes(file));
    }

    static boolean hasFullDevice() {
        return Files.exists(Path.of("/dev/full"));
    }

    @Test
    void theStatisticsOfDl4jsTrainingPageAreThoseOfTheSteps() {
        InMemoryStatsStorage storage = new InMemoryStatsStorage();
        MultiLayerNetwork net = Small.attached(SGN);
        StatsListener statistics = new StatsListener(storage, 1);
        List<Double> losses = new ArrayList<>();
        GaussNewtonListener reports = (model, report) -> losses.add(report.lossBefore());
        net.addListeners(statistics, reports);
        net.fit(Small.iterator(), 2);
        String session = storage.listSessionIDs().get(0);
        String type = storage.listTypeIDsForSession(session).get(0);
        String worker = storage.listWorkerIDsForSession(session).get(0);
        List<Persistable> updates = storage.getAllUpdatesAfter(session, type, worker, 0);
        assertEquals(6, updates.size());
        for (int i = 0; i < updates.size(); i++) {
            SbeStatsReport report = (SbeStatsReport) updates.get(i);
            Tolerances.assertClose(losses.get(i), report.getScore(), Tolerances.ROUNDING, "loss " + i);
        }
    }

    @Test
    void thePageOfAGaussNewtonTrainingHasItsCurves(@TempDir Path directory) throws IOException {
        Path page = directory.resolve("training.html");
        MultiLayerNetwork net = Small.attached(SGN);
        net.addListeners(new StepPage(page, 3));
        net.fit(Small.iterator(), 4);
        String text = Files.readString(page);
        for (String shown : List.of("12 steps", "loss", "ratio", "damping", "step length", "iterations", "<polyline")) {
            assertTrue(text.contains(shown), () -> shown + " is not in " + text);
        }
        net.setListeners(new StepPage(directory.resolve("no folder/page.html"), 1));
        assertFails(UncheckedIOException.class, () -> net.fit(Small.data(20)), "page.html", "cannot be written");
    }

    @Test
    void settingsThatChangeInTheMiddleCountFromTheNextStepOn() {
        MultiLayerNetwork net = Small.attached(SGN);
        net.fit(Small.data(20));
        assertEquals(4, GaussNewton.report(net).orElseThrow().solverIterations());
        for (var conf : net.getLayerWiseConfigurations().getConfs()) {
            ((BaseLayer) conf.getLayer())
                    .setIUpdater(Sgn.builder().cgIterations(2).momentum(0.3).build());
        }
        net.fit(Small.data(35)); // and another batch size
        assertEquals(2, GaussNewton.report(net).orElseThrow().solverIterations());
    }

    @Test
    void pretrainingLeavesALayerThatHasNothingToPretrainAsItWas() {
        MultiLayerNetwork net = Small.attached(SGN);
        long[] before = bits(net);
        net.pretrain(Small.iterator());
        assertArrayEquals(before, bits(net));
        net.fit(Small.data(20));
        assertTrue(net.getIterationCount() > 0);
    }

    /** Its first worker may take a step on the network itself before the second one, a copy, refuses. */
    @Test
    void aParallelWrapperIsRefusedWithWhatToDoInstead() {
        for (ParallelWrapper.TrainingMode mode :
                List.of(ParallelWrapper.TrainingMode.AVERAGING, ParallelWrapper.TrainingMode.SHARED_GRADIENTS)) {
            MultiLayerNetwork net = Small.attached(Egn.builder().build());
            Throwable failure = failureOf(() -> {
                ParallelWrapper.Builder<?> builder = new ParallelWrapper.Builder<>(net)
                        .workers(2)
                        .averagingFrequency(1)
                        .prefetchBuffer(2)
                        .trainingMode(mode);
                try (ParallelWrapper wrapper = builder.build()) {
                    wrapper.fit(Small.iterator());
                }
            });
            assertTrue(says(failure, "whose products use all cores"), () -> mode + ": " + failure);
        }
    }

    private interface Action {
        void run() throws Exception;
    }

    private static Throwable failureOf(Action action) {
        try {
            action.run();
            return new AssertionError("it did not fail");
        } catch (Throwable e) {
            return e;
        }
    }

    private static boolean says(Throwable failure, String words) {
        for (Throwable e = failure; e != null; e = e.getCause()) {
            if (String.valueOf(e.getMessage()).contains(words)) {
                return true;
            }
        }
        return false;
    }
}
