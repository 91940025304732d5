package org.dl4jgn.bench.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dl4jgn.bench.data.DataFolders;
import org.dl4jgn.bench.optimizer.Optimizers;
import org.dl4jgn.bench.problem.CsvProblem;
import org.dl4jgn.bench.problem.EarlyStopping;
import org.dl4jgn.bench.problem.Measure;
import org.dl4jgn.bench.problem.Training;
import org.dl4jgn.bench.problem.Workload;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;

class RunnerTest {

    private static final Workload.Setup SETUP = new Workload.Setup(1, DataType.FLOAT, 20);

    /** 80 training examples in mini-batches of 20. */
    private static final long STEPS_OF_AN_EPOCH = 4;

    @TempDir
    Path folder;

    private Workload workload;

    @BeforeEach
    void aSmallTable() throws IOException {
        Random random = new Random(1);
        StringBuilder text = new StringBuilder("x,y,z\n");
        for (int i = 0; i < 100; i++) {
            double x = random.nextGaussian();
            double y = random.nextGaussian();
            text.append(x).append(',').append(y).append(',').append(x * y + x).append('\n');
        }
        Path file = Files.writeString(folder.resolve("table.csv"), text);
        workload = new CsvProblem(file, "z").load(DataFolders.only(folder));
    }

    private RunRecord run(String optimizer, int epochs) throws IOException {
        try (Interruption interruption = Interruption.watch()) {
            return new Runner("table", workload, 0, interruption)
                    .run(
                            new Runner.Order(Optimizers.parse(optimizer), false, SETUP, new Budget(null, epochs)),
                            Optional.empty(),
                            null);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sgn:3", "egn", "adam", "nadam:0.01,schedule=cosine"})
    void aSavedTrainingGoesOnAsIfNothingHadHappened(String optimizer) throws Exception {
        Path file = folder.resolve("checkpoint.zip");
        Map<Measure, Double> whole;
        try (Training training = workload.start(Optimizers.parse(optimizer).over(9), SETUP)) {
            for (int i = 0; i < 9; i++) {
                training.step();
                if (i == 5) {
                    training.save(file);
                }
            }
            whole = training.measure();
        }
        try (Training training = workload.start(Optimizers.parse(optimizer).over(9), SETUP)) {
            training.restore(file);
            assertEquals(6, training.steps());
            for (int i = 6; i < 9; i++) {
                training.step();
            }
            assertEquals(whole, training.measure());
        }
    }

    @Test
    void theSameSeedGivesTheSameCurve() throws IOException {
        assertEquals(
                run("sgn", 3).curve().stream().map(Point::values).toList(),
                run("sgn", 3).curve().stream().map(Point::values).toList());
    }

    @Test
    void aCurveHasTheStartPartsOfTheFirstEpochAndAllEarlyEpochs() throws IOException {
        assertEquals(
                List.of(0.0, 0.25, 0.5, 1.0, 2.0, 3.0),
                run("adam", 3).curve().stream().map(Point::epoch).toList());
    }

    @Test
    void aLossThatIsNoNumberEndsTheRun() throws IOException {
        RunRecord run = run("sgd:1e30", 5);
        assertEquals(RunRecord.Status.DIVERGED, run.status());
        assertTrue(run.last().epoch() < 5);
        assertTrue(Double.isFinite(run.best(Measure.TEST_LOSS)));
    }

    /** Whether patience is at its end is known with the measurement at its end alone. */
    @Test
    void aTrainingThatIsBetterWhenItsPatienceEndsGoesOn() throws IOException {
        workload = new CsvProblem(folder.resolve("table.csv"), "z")
                .stopped(new EarlyStopping(0.2, 1))
                .load(DataFolders.only(folder));
        RunRecord run = run("adam:0.003", 200);
        assertEquals(RunRecord.Status.ENDED, run.status(), run.message());
        List<Double> losses = run.curve().stream()
                .map(point -> point.values().get(Measure.VALIDATION_LOSS))
                .toList();
        assertTrue(losses.size() > 5, losses::toString);
        assertTrue(losses.get(losses.size() - 1) >= losses.get(losses.size() - 2), losses::toString);
    }

    @Test
    void runsAreStoredAndALineCutOffIsForgotten() throws IOException {
        RunStore store = RunStore.open(folder, "table");
        RunRecord run = run("adam", 2);
        store.add(run);
        Path file = store.folder().resolve("runs.jsonl");
        Files.writeString(file, "{\"problem\":\"tab", StandardOpenOption.APPEND);
        assertTrue(RunStore.open(folder, "table").damage().orElseThrow().contains("in the middle of line 2"));
        List<RunRecord> read = RunStore.open(folder, "table").runs();
        assertEquals(1, read.size());
        assertEquals(run.key(), read.get(0).key());
        assertEquals(run.curve(), read.get(0).curve());
        assertEquals(run.machine(), read.get(0).machine());
        assertEquals(run.settings(), read.get(0).settings());
        assertEquals(List.of("table"), RunStore.problems(folder));
        assertEquals(2, Files.readAllLines(store.folder().resolve("runs.csv")).size());
        assertEquals(
                1 + run.curve().size(),
                Files.readAllLines(store.folder().resolve("curves.csv")).size());
    }

    @Test
    void aDamagedLineIsNamedByItsNumberAndALastLineWithoutItsEndIsReadIfItIsWhole() throws IOException {
        RunStore store = RunStore.open(folder, "table");
        store.add(run("adam", 1));
        Path file = store.folder().resolve("runs.jsonl");
        String line = Files.readString(file);
        Files.writeString(file, line.strip());
        assertEquals(1, RunStore.open(folder, "table").runs().size());
        store.add(run("sgd", 1));
        assertEquals(2, RunStore.open(folder, "table").runs().size());
        Files.writeString(file, line + "not a run\n" + line);
        String said = assertThrows(IOException.class, () -> RunStore.open(folder, "table"))
                .getMessage();
        assertTrue(said.contains("line 2, is not a run"), said);
    }

    @Test
    void aLineThatLacksAPartOfARunIsNoRun() throws IOException {
        RunStore store = RunStore.open(folder, "table");
        store.add(run("adam", 1));
        Path file = store.folder().resolve("runs.jsonl");
        String line = Files.readString(file);
        List<String> parts = List.of("problem", "optimizer", "kind", "settings", "status", "machine", "files", "curve");
        for (String part : parts) {
            Files.writeString(file, line.replaceFirst("\"" + part + "\":", "\"other\":"));
            String said = assertThrows(IOException.class, () -> RunStore.open(folder, "table"), part)
                    .getMessage();
            assertTrue(said.contains("line 1, is not a run") && said.contains(part), said);
        }
        Files.writeString(file, "null\n");
        assertThrows(IOException.class, () -> RunStore.open(folder, "table"));
        Files.writeString(file, line.replaceFirst("\"curve\":.*", "\"curve\":[]}"));
        assertThrows(IOException.class, () -> RunStore.open(folder, "table"));
    }

    /** Defaults change from version to version; a median of both would be of neither. */
    @Test
    void runsOfOtherSettingsUnderTheSameNameAreNotMixed() throws IOException {
        RunStore store = RunStore.open(folder, "table");
        store.add(run("adam:0.01,schedule=cosine", 4));
        store.add(run("adam:0.01,schedule=cosine", 2));
        assertEquals(1, store.runs().size());
        assertEquals(new Budget(null, 2), store.runs().get(0).budget());
    }

    private Map<String, TunedSettings.Choice> tuned(Trials trials, Budget budget, String... kinds) throws IOException {
        Workload part = workload.forTuning().orElseThrow();
        try (Interruption interruption = Interruption.watch()) {
            Runner runner = new Runner("table", part, 0, interruption);
            return new Tuner(runner, part, SETUP, trials, 2, interruption, line -> {})
                    .tune(Stream.of(kinds).map(Optimizers::kind).toList(), budget);
        }
    }

    @Test
    void tuningFindsTheBestOfTheLastRungOfEachKindAndCountsItsTime() throws IOException {
        Trials trials = Trials.open(folder, "table");
        Map<String, TunedSettings.Choice> choices = tuned(trials, new Budget(null, 4), "sgd", "adam");
        assertEquals(Set.of("sgd", "adam"), choices.keySet());
        for (TunedSettings.Choice choice : choices.values()) {
            double best = choice.tried().stream()
                    .filter(trial -> trial.budget().equals("4 epochs"))
                    .mapToDouble(TunedSettings.Trial::value)
                    .min()
                    .orElseThrow();
            assertEquals(best, choice.value());
            assertEquals(
                    choice.tried().stream()
                            .mapToDouble(TunedSettings.Trial::seconds)
                            .sum(),
                    choice.seconds());
            assertTrue(choice.seconds() > 0);
            assertEquals(
                    Set.of("1 epochs", "2 epochs", "4 epochs"),
                    choice.tried().stream().map(TunedSettings.Trial::budget).collect(Collectors.toSet()));
        }
        TunedSettings.open(folder, "table").put("sgd", choices.get("sgd"));
        assertEquals(
                choices.get("sgd"),
                TunedSettings.open(folder, "table").of("sgd").orElseThrow());
    }

    @Test
    void tuningGoesOnFromTheTrialsThatWereMade() throws IOException {
        Map<String, TunedSettings.Choice> first = tuned(Trials.open(folder, "table"), new Budget(null, 2), "sgd");
        long size = Files.size(folder.resolve("table").resolve("trials.jsonl"));
        assertEquals(first, tuned(Trials.open(folder, "table"), new Budget(null, 2), "sgd"));
        assertEquals(size, Files.size(folder.resolve("table").resolve("trials.jsonl")));
    }

    @Test
    void aBudgetInSecondsAdmitsNoSchedules() throws IOException {
        TunedSettings.Choice choice = tuned(Trials.open(folder, "table"), new Budget(0.02, null), "sgd")
                .get("sgd");
        assertTrue(choice.tried().stream().noneMatch(trial -> trial.optimizer().contains("schedule")));
    }

    @Test
    void aScheduledRunIsAnotherRunWithAnotherBudgetAndAnotherScheduleAnotherKey() throws IOException {
        RunRecord run = run("adam:0.01,schedule=cosine", 4);
        assertEquals("adam:0.01,schedule=cosine", run.key().optimizer());
        assertTrue(order("adam:0.01,schedule=cosine", 4).isDoneBy(run));
        assertFalse(order("adam:0.01,schedule=cosine", 2).isDoneBy(run));
        assertTrue(order("adam:0.01", 2).isDoneBy(run("adam:0.01", 4)));
        assertNotEquals(order("adam:0.01", 4).key(), run.key());
        assertNotEquals(order("adam:0.01,schedule=step", 4).key(), run.key());
        assertTrue(
                run.settings().get("updater").contains("steps=16"),
                run.settings().toString());
    }

    private static Runner.Order order(String optimizer, int epochs) {
        return new Runner.Order(
                Optimizers.parse(optimizer).over(STEPS_OF_AN_EPOCH * epochs), false, SETUP, new Budget(null, epochs));
    }

    @Test
    void fullBatchLbfgsCountsItsPassesAndEndsByItself() throws IOException {
        RunRecord run = run("lbfgs:tolerance=0.01", 500);
        assertEquals(RunRecord.Status.ENDED, run.status());
        assertTrue(run.isWhole());
        assertFalse(run.message().isEmpty());
        assertTrue(run.last().epoch() >= run.last().step() + 1, "passes are evaluations of the gradient");
        assertTrue(run.best(Measure.TRAIN_LOSS) < run.curve().get(1).value(Measure.TRAIN_LOSS));
    }

    @Test
    void aConstantPredictionOfAStandardizedTargetLosesAboutOne() throws IOException {
        double constant = run("adam", 1).constantPrediction();
        assertTrue(constant > 0.3 && constant < 3, "" + constant);
    }

    @Test
    void aBudgetCoversASmallerOne() {
        assertTrue(new Budget(2.0, null).covers(new Budget(1.0, null)));
        assertFalse(new Budget(1.0, null).covers(new Budget(2.0, null)));
        assertTrue(new Budget(null, 5).covers(new Budget(null, 5)));
        assertFalse(new Budget(1.0, null).covers(new Budget(null, 5)));
        assertTrue(new Budget(null, 5).covers(new Budget(1.0, 5)));
    }
}
