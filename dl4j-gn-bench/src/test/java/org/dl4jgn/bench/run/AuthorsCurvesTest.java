package org.dl4jgn.bench.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.dl4jgn.bench.data.DataFolders;
import org.dl4jgn.bench.optimizer.Optimizers;
import org.dl4jgn.bench.paper.PublishedCurves;
import org.dl4jgn.bench.paper.Spread;
import org.dl4jgn.bench.problem.Measure;
import org.dl4jgn.bench.problem.Problems;
import org.dl4jgn.bench.problem.Workload;
import org.dl4jgn.tables.DataException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;

/** The SGN authors' protocol in float64, as they ran it: from their start weights, in their five orders of the data. */
class AuthorsCurvesTest {

    /** The published means are rounded to five digits or four. */
    private static final double ROUNDED = 5e-4;

    private static final int SEEDS = 5;

    /** Gradient descent forgives rounding, so that its curve shows that data, network, start and orders are theirs. */
    @ParameterizedTest
    @CsvSource({"boston, 0.01, 10", "sine, 0.1, 10", "mnist, 1, 1"})
    void sgdGivesTheAuthorsCurve(String problem, String rate, int epochs) throws IOException {
        List<RunRecord> runs = run(problem, "sgd:" + rate, SEEDS, epochs);
        forEachPublished(problem, "SGD(" + rate + ")", epochs, (epoch, theirs) -> {
            Spread ours = trainLoss(runs, epoch);
            assertEquals(theirs.mean(), ours.mean(), ROUNDED * theirs.mean(), () -> "train loss at epoch " + epoch);
        });
    }

    /**
     * Conjugate gradients amplify rounding until two runs of the same seed differ as two seeds do, so that only their
     * distributions can be compared: our mean is not above the largest of the authors' losses.
     */
    @ParameterizedTest
    @CsvSource({"boston, 2, 5, 10", "boston, 10, 5, 10", "sine, 10, 5, 10", "mnist, 10, 3, 2"})
    void sgnIsWithinTheAuthorsSpreadOrBelow(String problem, int k, int seeds, int epochs) throws IOException {
        List<RunRecord> runs = run(problem, "sgn:" + k, seeds, epochs);
        forEachPublished(problem, "SGN(" + k + ")", epochs, (epoch, theirs) -> {
            Spread ours = trainLoss(runs, epoch);
            assertTrue(
                    ours.mean() <= theirs.max(),
                    () -> "train loss at epoch " + epoch + ": ours " + ours + ", the authors' " + theirs);
        });
    }

    private static List<RunRecord> run(String problem, String optimizer, int seeds, int epochs) throws IOException {
        Workload workload;
        try {
            workload = Problems.named(problem).load(DataFolders.standard(null, null));
        } catch (DataException e) {
            return abort(e.getMessage());
        }
        List<RunRecord> runs = new ArrayList<>();
        try (Interruption interruption = Interruption.watch()) {
            Runner runner = new Runner(problem, workload, 0, interruption);
            int batch = Problems.named(problem).defaults().batch();
            for (int seed = 1; seed <= seeds; seed++) {
                Workload.Setup setup = new Workload.Setup(seed, DataType.DOUBLE, batch);
                Runner.Order order =
                        new Runner.Order(Optimizers.parse(optimizer), false, setup, new Budget(null, epochs));
                runs.add(runner.run(order, Optional.empty(), null));
            }
        }
        return runs;
    }

    private static Spread trainLoss(List<RunRecord> runs, int epoch) {
        return Spread.of(runs.stream()
                .flatMap(run -> run.curve().stream())
                .filter(point -> point.epoch() == epoch)
                .mapToDouble(point -> point.value(Measure.TRAIN_LOSS))
                .toArray());
    }

    private static void forEachPublished(
            String problem, String optimizer, int epochs, BiConsumer<Integer, Spread> check) throws IOException {
        PublishedCurves published = new PublishedCurves();
        for (int epoch : PublishedCurves.EPOCHS) {
            if (epoch <= epochs) {
                check.accept(
                        epoch, published.trainLoss(problem, optimizer, epoch).orElseThrow());
            }
        }
    }
}
