package org.dl4jgn.bench.paper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.dl4jgn.bench.PaperProblem;
import org.dl4jgn.conf.Sgn;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.Sgd;

/** The authors' protocol in float64, as they ran it: from their start weights, in their five orders of the data. */
class ProtocolTest {

    /** The published means are rounded to five digits or four. */
    private static final double ROUNDED = 5e-4;

    private static final List<Integer> SEEDS = List.of(1, 2, 3, 4, 5);

    /** Gradient descent forgives rounding, so that its curve shows that data, network, start and orders are theirs. */
    @ParameterizedTest
    @CsvSource({"BOSTON, 0.01, 10", "SINE, 0.1, 10", "MNIST, 1, 1"})
    void sgdGivesTheAuthorsCurve(PaperProblem problem, String rate, int epochs) throws IOException {
        Runs runs = protocol(problem).run(new Sgd(Double.parseDouble(rate)), SEEDS, epochs);
        forEachPublished(problem, "SGD(" + rate + ")", epochs, (epoch, theirs) -> {
            Spread ours = runs.over(epoch, Runs.Epoch::trainLoss);
            assertEquals(theirs.mean(), ours.mean(), ROUNDED * theirs.mean(), () -> "train loss at epoch " + epoch);
        });
    }

    /**
     * Conjugate gradients amplify rounding until two runs of the same seed differ as two seeds do, so that only their
     * distributions can be compared: our mean is not above the largest of the authors' losses.
     */
    @ParameterizedTest
    @CsvSource({"BOSTON, 2, 5, 10", "BOSTON, 10, 5, 10", "SINE, 10, 5, 10", "MNIST, 10, 3, 2"})
    void sgnIsWithinTheAuthorsSpreadOrBelow(PaperProblem problem, int k, int seeds, int epochs) throws IOException {
        Sgn sgn = Sgn.builder().cgIterations(k).build();
        Runs runs = protocol(problem).run(sgn, SEEDS.subList(0, seeds), epochs);
        forEachPublished(problem, "SGN(" + k + ")", epochs, (epoch, theirs) -> {
            Spread ours = runs.over(epoch, Runs.Epoch::trainLoss);
            assertTrue(
                    ours.mean() <= theirs.max(),
                    () -> "train loss at epoch " + epoch + ": ours " + ours + ", the authors' " + theirs);
        });
        assertEquals(0, runs.notAccepted(), "steps not accepted");
    }

    private static Protocol protocol(PaperProblem problem) throws IOException {
        Optional<DataFolder> folder = DataFolder.find();
        assumeTrue(folder.isPresent(), DataFolder.howToSet());
        Examples examples = Examples.load(problem, folder.orElseThrow()).castTo(DataType.DOUBLE);
        return new Protocol(problem, examples, Protocol.AUTHORS_START);
    }

    private static void forEachPublished(
            PaperProblem problem, String optimizer, int epochs, BiConsumer<Integer, Spread> check) throws IOException {
        PublishedCurves published = new PublishedCurves();
        for (int epoch : PublishedCurves.EPOCHS) {
            if (epoch <= epochs) {
                check.accept(
                        epoch, published.trainLoss(problem, optimizer, epoch).orElseThrow());
            }
        }
    }
}
