package org.dl4jgn.optimize;

import static org.dl4jgn.testing.Tolerances.ROUNDING;
import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.problem.Problem;
import org.dl4jgn.testing.DelegatingProblem;
import org.dl4jgn.testing.PosedNetwork;
import org.dl4jgn.testing.Small;
import org.dl4jgn.testing.Training;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/** Who is asked what the step before did: the part that curvature is of, if it is large enough, or all of the mini-batch. */
class PosedStepTest {

    private static final Sgn HALVES = Sgn.builder().curvatureShare(0.5).build();
    private static final int ENOUGH = 200;

    private static PosedNetwork posed(DataSet data) {
        return new PosedNetwork(Small.network(HALVES), data.getFeatures(), data.getLabels());
    }

    private static DataSet other(DataSet data) {
        return new DataSet(data.getFeatures().mul(0.9), data.getLabels());
    }

    /** Writes down the parameters at which the loss of all examples is asked for, but for linearizations. */
    private static final class Recorder extends DelegatingProblem {

        private final List<INDArray> asked = new ArrayList<>();

        Recorder(Problem problem) {
            super(problem);
        }

        @Override
        public long examples() {
            return problem.examples();
        }

        @Override
        public double value(INDArray theta) {
            asked.add(theta.dup());
            return problem.value(theta);
        }

        @Override
        public Optional<Problem> share(int index, int shares) {
            return problem.share(index, shares);
        }

        @Override
        public double fingerprint() {
            return problem.fingerprint();
        }
    }

    /** What the second step says of the first one, and what it asked all examples for. */
    private static void assertSecondStepAsks(DataSet first, DataSet second, boolean part) {
        try (PosedNetwork posed = posed(first);
                Training training = new Training(HALVES, posed.theta())) {
            INDArray start = posed.theta().dup();
            training.step(posed.problem());
            INDArray reached = training.stepper().next().dup();
            double promised = training.state().promised();
            posed.pose(second.getFeatures(), second.getLabels(), null, start);
            Recorder recorder = new Recorder(posed.problem());
            double said = training.step(recorder).validationRatio();
            assertEquals(part ? List.of() : List.of(start), recorder.asked);
            Problem asked = part ? posed.problem().share(1, 2).orElseThrow() : posed.problem();
            assertClose((asked.value(start) - asked.value(reached)) / promised, said, ROUNDING, "share of the promise");
        }
    }

    @Test
    void aLargePartIsAskedAboutAMiniBatchThatIsNew() {
        DataSet data = Small.data(ENOUGH);
        assertSecondStepAsks(data, other(data), true);
    }

    /** There is no noise then, which a part would bring in. */
    @Test
    void allExamplesAreAskedWhereTheyAreTheSameOnceMore() {
        DataSet data = Small.data(ENOUGH);
        assertSecondStepAsks(data, data, false);
    }

    @Test
    void allExamplesAreAskedWhereThePartIsSmall() {
        DataSet data = Small.data(ENOUGH - 2);
        assertSecondStepAsks(data, other(data), false);
    }

    @Test
    void aFingerprintIsThatOfTheNumbers() {
        DataSet data = Small.data(ENOUGH);
        try (PosedNetwork posed = posed(data)) {
            double print = posed.problem().fingerprint();
            posed.pose(data.getFeatures().dup('f'), data.getLabels().dup(), null, posed.theta());
            assertEquals(print, posed.problem().fingerprint());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"first", "last", "labels"})
    void aFingerprintChangesWith(String what) {
        DataSet data = Small.data(ENOUGH);
        INDArray features = data.getFeatures().dup();
        INDArray labels = data.getLabels().dup();
        switch (what) {
            case "first" -> features.putScalar(0, 0, features.getDouble(0, 0) + 1e-3);
            case "last" -> features.putScalar(ENOUGH - 1, 0, features.getDouble(ENOUGH - 1, 0) + 1e-3);
            default -> swap(labels, 3, firstThatDiffers(labels, 3));
        }
        try (PosedNetwork posed = posed(data)) {
            double print = posed.problem().fingerprint();
            posed.pose(features, labels, null, posed.theta());
            assertNotEquals(print, posed.problem().fingerprint());
        }
    }

    private static int firstThatDiffers(INDArray rows, int row) {
        int other = 0;
        while (rows.getRow(other).equals(rows.getRow(row))) {
            other++;
        }
        return other;
    }

    private static void swap(INDArray rows, int one, int other) {
        INDArray kept = rows.getRow(one).dup();
        rows.getRow(one).assign(rows.getRow(other));
        rows.getRow(other).assign(kept);
    }
}
