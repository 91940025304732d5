package org.dl4jgn;

import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.conf.Backtracking;
import org.dl4jgn.conf.Damping;
import org.dl4jgn.conf.LineSearch;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.optimize.StepOutcome.Outcome;
import org.dl4jgn.testing.Searching;
import org.dl4jgn.testing.Small;
import org.dl4jgn.testing.Tolerances;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds of every report of a run, and from one to the next. */
class StepReportTest {

    private static List<StepReport> run(Sgn sgn, int epochs) {
        MultiLayerNetwork net = Small.attached(sgn);
        List<StepReport> reports = new ArrayList<>();
        GaussNewtonListener listener = (model, report) -> {
            // the score is DL4J's, which takes no probability for less than 1e-10, or for more than one less that
            assertTrue(model.score() <= report.lossBefore() + Tolerances.DOUBLE);
            reports.add(report);
        };
        net.addListeners(listener);
        net.fit(Small.iterator(), epochs);
        assertEquals(3 * epochs, reports.size());
        return reports;
    }

    static Stream<Sgn> runs() {
        // a strict search of few trials rejects some steps
        LineSearch strict = LineSearch.armijo(0.45, 0.5, 1);
        return Stream.of(
                        Damping.constant(1e-2),
                        Damping.linear(1e-1, 1e-3, 20),
                        Damping.cosine(1e-1, 1e-3, 20),
                        Damping.trustRegion(1e-4),
                        Damping.nielsen(1e-2))
                .flatMap(damping -> Stream.of(
                        Searching.sgn().damping(damping).build(),
                        Searching.sgn().damping(damping).lineSearch(strict).build(),
                        Searching.sgn()
                                .damping(damping)
                                .momentum(0.5)
                                .warmStart(0.9)
                                .build()));
    }

    @ParameterizedTest
    @MethodSource("runs")
    void invariantsHold(Sgn sgn) {
        Backtracking search = (Backtracking) sgn.lineSearch();
        Damping.State state = sgn.damping().initial();
        int rejected = 0;
        int step = 0;
        for (StepReport report : run(sgn, 10)) {
            assertEquals(step, report.iteration());
            assertEquals(step / 3, report.epoch());
            assertEquals(sgn.damping().value(state, step), report.damping(), report::toString);
            assertTrue(report.gradientNorm() > 0 && report.directionNorm() > 0, report::toString);
            assertTrue(report.solverIterations() >= 1 && report.solverIterations() <= 10, report::toString);
            assertTrue(report.solverResidual() >= 0 && !report.solverEnding().isEmpty(), report::toString);
            assertTrue(
                    report.lineSearchEvaluations() >= 1 && report.lineSearchEvaluations() <= search.maxShrinks() + 1,
                    report::toString);
            assertEquals(report.lossBefore() - report.lossAfter(), report.actualReduction());
            boolean firstTrial = report.lineSearchEvaluations() == 1;
            if (report.outcome() == Outcome.ACCEPTED) {
                rejected = 0;
                double length = Math.pow(search.shrink(), report.lineSearchEvaluations() - 1);
                assertClose(length, report.stepLength(), Tolerances.ROUNDING, "step length");
                assertTrue(report.lossAfter() < report.lossBefore(), report::toString);
                if (report.predictedReduction() <= 0) {
                    assertEquals(Double.NEGATIVE_INFINITY, report.reductionRatio());
                } else if (firstTrial) {
                    assertClose(
                            report.actualReduction() / report.predictedReduction(),
                            report.reductionRatio(),
                            Tolerances.ROUNDING,
                            "ratio");
                }
                state = sgn.damping().accepted(state, report.reductionRatio());
            } else {
                rejected++;
                assertEquals(Outcome.REJECTED, report.outcome());
                assertEquals(0, report.stepLength());
                assertEquals(0, report.actualReduction());
                assertEquals(search.maxShrinks() + 1, report.lineSearchEvaluations());
                state = sgn.damping().rejected(state);
            }
            assertEquals(rejected, report.rejectionsInARow());
            Duration parts = report.linearizeTime().plus(report.directionTime()).plus(report.searchTime());
            assertFalse(report.linearizeTime().isNegative()
                    || report.linearizeTime().isZero());
            assertFalse(report.directionTime().isNegative()
                    || report.directionTime().isZero());
            assertFalse(report.searchTime().isNegative() || report.searchTime().isZero());
            assertTrue(report.totalTime().compareTo(parts) >= 0, report::toString);
            step++;
        }
    }

    @Test
    void theRunsAboveHaveAcceptedRejectedAndShortenedSteps() {
        Set<Outcome> outcomes = EnumSet.noneOf(Outcome.class);
        int shortened = 0;
        for (Sgn sgn : runs().toList()) {
            for (StepReport report : run(sgn, 10)) {
                outcomes.add(report.outcome());
                shortened += report.outcome() == Outcome.ACCEPTED && report.lineSearchEvaluations() > 1 ? 1 : 0;
            }
        }
        assertEquals(EnumSet.of(Outcome.ACCEPTED, Outcome.REJECTED), outcomes);
        assertTrue(shortened > 0);
    }

    @Test
    void aReportReadsAsALineOfALog() {
        String line =
                run(Searching.sgn().residualTolerance(0).build(), 1).get(2).toString();
        for (String part :
                List.of("step 2 (epoch 0) ACCEPTED", "loss ", "ratio ", "damping ", "used all 10 iterations")) {
            assertTrue(line.contains(part), line);
        }
        assertFalse(line.contains("\n"), line);
    }
}
