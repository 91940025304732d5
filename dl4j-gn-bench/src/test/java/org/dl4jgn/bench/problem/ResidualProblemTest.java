package org.dl4jgn.bench.problem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.dl4jgn.bench.data.DataFolders;
import org.dl4jgn.bench.data.Examples;
import org.dl4jgn.bench.optimizer.Contender;
import org.dl4jgn.bench.optimizer.Optimizers;
import org.dl4jgn.bench.run.Budget;
import org.dl4jgn.bench.run.Interruption;
import org.dl4jgn.bench.run.RunRecord;
import org.dl4jgn.bench.run.Runner;
import org.dl4jgn.bench.run.Trials;
import org.dl4jgn.bench.run.TunedSettings;
import org.dl4jgn.bench.run.Tuner;
import org.dl4jgn.translate.UnsupportedNetworkException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** A graph goes through everything that a network of layers goes through. */
class ResidualProblemTest {

    private static final int SIZE = 8;
    private static final Workload.Setup SETUP = new Workload.Setup(1, DataType.FLOAT, 16);

    @TempDir
    Path folder;

    private Problem problem;
    private Workload workload;

    /** Images of a bright upper or lower half, in noise: 64 to train, 16 to test. */
    @BeforeEach
    void aSmallResidualNetwork() throws IOException {
        problem = new SupervisedProblem(
                "halves",
                "bright halves",
                "own",
                folders -> LoadedData.of(
                        new Examples(images(64, 1), labels(64), images(16, 2), labels(16)), Task.CLASSES, 1, List.of()),
                new Shape(SIZE * SIZE, 2, Task.CLASSES),
                new ResidualArchitecture(1, SIZE, 2, 1),
                Start.SEEDED,
                new Problem.Defaults(DataType.FLOAT, 16, 2, 1));
        workload = problem.load(DataFolders.only(folder));
    }

    private static INDArray images(int count, long seed) {
        Random random = new Random(seed);
        float[][] images = new float[count][SIZE * SIZE];
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < images[i].length; j++) {
                boolean isUpper = j < images[i].length / 2;
                images[i][j] = (float) (0.5 * random.nextGaussian() + (isUpper == (i % 2 == 0) ? 1 : -1));
            }
        }
        return Nd4j.createFromArray(images);
    }

    private static INDArray labels(int count) {
        float[][] labels = new float[count][2];
        for (int i = 0; i < count; i++) {
            labels[i][i % 2] = 1;
        }
        return Nd4j.createFromArray(labels);
    }

    private RunRecord run(String optimizer, int epochs) throws IOException {
        try (Interruption interruption = Interruption.watch()) {
            return new Runner("halves", workload, 0, interruption)
                    .run(
                            new Runner.Order(Optimizers.parse(optimizer), false, SETUP, new Budget(null, epochs)),
                            Optional.empty(),
                            null);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sgn", "egn", "adam:0.01,schedule=cosine", "dl4j-cg"})
    void itLearns(String optimizer) throws IOException {
        RunRecord run = run(optimizer, 4);
        assertEquals(RunRecord.Status.FINISHED, run.status(), run.message());
        assertEquals(4, run.last().epoch());
        assertTrue(
                run.best(Measure.TRAIN_LOSS) < 0.7 * run.curve().get(1).value(Measure.TRAIN_LOSS),
                run.curve().toString());
    }

    @Test
    void sgnReportsItsSteps() throws Exception {
        try (Training training = workload.start(Optimizers.parse("sgn"), SETUP)) {
            training.step();
            assertEquals(0, training.report().orElseThrow().iteration());
        }
    }

    /** What the tool measures is DL4J's loss, and its weights are those of the seed. */
    @Test
    void lossIsDl4js() {
        ResidualArchitecture architecture = new ResidualArchitecture(1, SIZE, 2, 1);
        ComputationGraph net =
                architecture.network(new NeuralNetConfiguration.Builder().seed(1), SIZE * SIZE, 2, Task.CLASSES);
        Examples examples = new Examples(images(4, 3), labels(4), images(16, 2), labels(16));
        DataSet test = new DataSet(examples.test().reshape(16, 1, SIZE, SIZE), examples.testLabels());
        Evaluation evaluation = new Evaluation(examples, architecture, Task.CLASSES, 1);
        assertEquals(net.score(test), evaluation.lossOf(net), 1e-6);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sgn", "adam"})
    void aSavedTrainingGoesOnAsIfNothingHadHappened(String optimizer) throws Exception {
        Path file = folder.resolve("checkpoint.zip");
        Contender contender = Optimizers.parse(optimizer);
        Map<Measure, Double> whole;
        try (Training training = workload.start(contender, SETUP)) {
            for (int i = 0; i < 7; i++) {
                training.step();
                if (i == 4) {
                    training.save(file);
                }
            }
            whole = training.measure();
        }
        try (Training training = workload.start(contender, SETUP)) {
            training.restore(file);
            assertEquals(5, training.steps());
            training.step();
            training.step();
            assertEquals(whole, training.measure());
        }
    }

    @Test
    void ratesAreTuned() throws IOException {
        Workload part = workload.forTuning().orElseThrow();
        try (Interruption interruption = Interruption.watch()) {
            Runner runner = new Runner("halves", part, 0, interruption);
            Trials trials = Trials.open(folder, "halves");
            Map<String, TunedSettings.Choice> choices = new Tuner(
                            runner, part, SETUP, trials, 2, interruption, line -> {})
                    .tune(List.of(Optimizers.kind("adam")), new Budget(0.001, null));
            TunedSettings.Choice choice = choices.get("adam");
            assertTrue(Double.isFinite(choice.value()), choice.toString());
            assertTrue(choice.tried().size() >= 6, choice.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"lbfgs", "lm", "hipparchus-lm", "gaf", "sqn"})
    void whatDrivesLayersItselfIsRefusedWithASentence(String optimizer) {
        String message = assertThrows(UnsupportedNetworkException.class, () -> run(optimizer, 1))
                .getMessage();
        assertTrue(message.contains("MultiLayerNetwork"), message);
        assertTrue(message.contains("this is a ComputationGraph"), message);
    }

    @Test
    void itsNameCountsItsLayers() {
        assertEquals("ResNet-20 of 16 to 64 channels", ResidualArchitecture.RESNET_20.describe());
        assertEquals("ResNet-8 of 2 to 8 channels", new ResidualArchitecture(1, SIZE, 2, 1).describe());
    }

    /** He et al. have 0.27 million; two projections, and means and variances of normalization, are ours. */
    @Test
    void resnet20HasItsParameters() {
        long convolutions =
                9 * (3 * 16 + 6 * 16 * 16 + 16 * 32 + 5 * 32 * 32 + 32 * 64 + 5 * 64 * 64) + 16 * 32 + 32 * 64;
        long normalized = 16 + 6 * 16 + 7 * 32 + 7 * 64;
        ComputationGraph net =
                ResidualArchitecture.RESNET_20.network(new NeuralNetConfiguration.Builder(), 3072, 10, Task.CLASSES);
        assertEquals(convolutions + 4 * normalized + 64 * 10 + 10, net.numParams());
    }
}
