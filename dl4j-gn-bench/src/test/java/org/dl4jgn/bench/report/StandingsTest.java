package org.dl4jgn.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.dl4jgn.bench.problem.Measure;
import org.dl4jgn.bench.run.Budget;
import org.dl4jgn.bench.run.Machine;
import org.dl4jgn.bench.run.Point;
import org.dl4jgn.bench.run.RunRecord;
import org.dl4jgn.bench.run.RunStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;

class StandingsTest {

    private static final Machine MACHINE = new Machine("os", "cpu", 2, 8, "java", "dl4j", "backend", 1, "blas");

    @TempDir
    Path folder;

    /** A run whose test loss after each epoch is given, each of which takes some seconds. */
    private static RunRecord run(String optimizer, boolean tuned, int seed, double seconds, double... losses) {
        return run(optimizer, tuned, seed, seconds, (Double) null, losses);
    }

    private static RunRecord run(
            String optimizer, boolean tuned, int seed, double seconds, Double constant, double[] losses) {
        List<Point> curve = new ArrayList<>();
        for (int i = 0; i < losses.length; i++) {
            curve.add(new Point(i, 10L * i, seconds * i, Map.of(Measure.TEST_LOSS, losses[i])));
        }
        String kind = optimizer.replaceFirst(":.*", "");
        return new RunRecord(
                "p",
                optimizer,
                kind,
                Map.of(),
                tuned,
                seed,
                DataType.FLOAT,
                10,
                new Budget(null, 3),
                0,
                RunRecord.Status.FINISHED,
                "",
                "now",
                MACHINE,
                List.of(),
                List.of("a note"),
                List.of(Measure.TEST_LOSS),
                constant,
                curve);
    }

    /** A run on a problem on which a constant prediction has some loss. */
    private static RunRecord near(String optimizer, boolean tuned, double constant, double... losses) {
        return run(optimizer, tuned, 1, 1, constant, losses);
    }

    private static List<RunRecord> runs() {
        return List.of(
                run("adam:0.1", true, 1, 1, 4, 3, 2, 1),
                run("adam:0.1", true, 2, 1, 4, 3, 2, 1.5),
                run("adam:0.1", true, 3, 1, 4, 3, 2, 1.2),
                run("sgd:1", true, 1, 0.1, 4, 4, 4, 4),
                run("sgn", false, 1, 2, 4, 1.1, 0.9, 0.8),
                run("sgn", false, 2, 2, 4, 1.9, 0.9, 0.8),
                run("sgn", false, 3, 2, 4, 1.0, 0.9, 0.7),
                run("sgn:3", false, 1, 2, 4, 0.1, 0.1, 0.1));
    }

    @Test
    void theTargetIsTheMedianBestOfTheBestRival() {
        Standings standings = Standings.of("p", runs());
        assertEquals("adam:0.1", standings.rival().orElseThrow().optimizer());
        assertEquals(1.2, standings.target());
    }

    @Test
    void whoGetsToTheTargetFirstWinsByTimeAndByEpochs() {
        Standings standings = Standings.of("p", runs());
        Group sgn = standings.own("sgn").orElseThrow();
        assertEquals(2, standings.secondsToTarget(sgn));
        assertEquals(1, standings.epochsToTarget(sgn));
        assertEquals(3, standings.secondsToTarget(standings.rival().orElseThrow()));
        assertEquals(sgn, standings.byTime().orElseThrow());
        assertEquals(sgn, standings.byEpochs().orElseThrow());
        assertEquals(sgn, standings.byQuality().orElseThrow());
    }

    @Test
    void aKindIsRepresentedByItsTunedAndPlainSettings() {
        List<RunRecord> runs = new ArrayList<>(runs());
        runs.add(run("adam", false, 1, 1, 4, 3.5, 3.4, 3.3));
        assertEquals(
                List.of("adam:0.1", "adam", "sgd:1", "sgn"),
                Standings.of("p", runs).groups().stream().map(Group::optimizer).toList());
    }

    @Test
    void untunedRivalsAreNoRivalsWhereOthersWereTunedAndHaveAComparisonOfTheirOwn() {
        List<RunRecord> runs = new ArrayList<>(runs());
        runs.add(run("adam", false, 1, 1, 4, 0.6, 0.5, 0.5));
        assertEquals("adam:0.1", Standings.of("p", runs).rival().orElseThrow().optimizer());
        Standings untuned = Standings.againstUntuned("p", runs);
        assertEquals("adam", untuned.rival().orElseThrow().optimizer());
        assertEquals(0.5, untuned.target());
    }

    @Test
    void lbfgsSetsNoTargetWhereRivalsWereTuned() {
        List<RunRecord> runs = new ArrayList<>(runs());
        runs.add(run("lbfgs", false, 1, 1, 4, 0.6, 0.5, 0.5));
        assertEquals("adam:0.1", Standings.of("p", runs).rival().orElseThrow().optimizer());
    }

    /** Sgn is flat at 1 after 1 second an epoch, the rival at 1 in its second epoch. */
    private static Standings against(double seconds, double... losses) {
        return Standings.of(
                "p",
                List.of(
                        run("adam:0.1", true, 1, 2, 4, 1, 1, 1),
                        run("adam:0.1", true, 2, 2, 4, 1, 1, 1.1),
                        run("adam:0.1", true, 3, 2, 4, 1, 1, 1),
                        run("sgn", false, 1, seconds, losses)));
    }

    @Test
    void aWinIsNineTenthsOfTheTimeAndNoWorseEnd() {
        assertEquals(Outcome.WIN, against(1.8, 4, 1, 1, 1).outcome("sgn"));
        assertEquals(Outcome.TIE, against(1.9, 4, 1, 1, 1).outcome("sgn"));
        assertEquals(Outcome.TIE, against(2.2, 4, 1, 1, 1).outcome("sgn"));
        assertEquals(Outcome.LOSS, against(2.3, 4, 1, 1, 1).outcome("sgn"));
        assertEquals(Outcome.WIN, against(1, 4, 1, 1, 1.1).outcome("sgn"), "as bad as the rival's worst seed");
        assertEquals(
                Outcome.LOSS, against(1, 4, 1, 1, 1.2).outcome("sgn"), "the end is worse than any seed of the rival");
        assertEquals(Outcome.LOSS, against(1, 4, 2, 2, 2).outcome("sgn"), "not reached");
        assertEquals(Outcome.NOT_RUN, against(1, 4, 1, 1, 1).outcome("egn"));
    }

    @Test
    void whatNobodyHoldsAtTheEndOfABudgetIsNoTarget() {
        List<RunRecord> falling =
                List.of(run("adam:0.1", true, 1, 1, 4, 3, 2, 1), run("sgn", false, 1, 1, 4, 3, 1, 0.5));
        Standings standings = Standings.of("p", falling);
        assertEquals(Outcome.NO_TARGET, standings.outcome("sgn"));
        assertTrue(standings.goal().objection().orElseThrow().contains("flat"));
        List<RunRecord> held =
                List.of(run("adam:0.1", true, 1, 1, 4, 3, 2, 1), run("sgn", false, 1, 1, 4, 1, 0.9, 0.9));
        assertEquals(Outcome.WIN, Standings.of("p", held).outcome("sgn"), "sgn is flat, and has it");
    }

    @Test
    void whatAConstantPredictionHasIsNoTarget() {
        List<RunRecord> near =
                List.of(near("adam:0.1", true, 1.04, 4, 2, 1, 1), near("sgn", false, 1.04, 4, 0.5, 0.5, 0.5));
        Standings standings = Standings.of("p", near);
        assertEquals(Outcome.NO_TARGET, standings.outcome("sgn"));
        assertTrue(standings.goal().objection().orElseThrow().contains("constant"));
        List<RunRecord> far =
                List.of(near("adam:0.1", true, 1.06, 4, 2, 1, 1), near("sgn", false, 1.06, 4, 0.5, 0.5, 0.5));
        assertEquals(Outcome.WIN, Standings.of("p", far).outcome("sgn"));
    }

    @Test
    void aRunIsFlatIfItsBestMovesByLessThanAHundredthInTheLastThird() {
        assertEquals(0.5, run("adam", false, 1, 1, 4, 3, 2, 1).movement(Measure.TEST_LOSS), 1e-12);
        assertEquals(0.005, run("adam", false, 1, 1, 4, 3, 2, 1.99).movement(Measure.TEST_LOSS), 1e-12);
        assertEquals(0, run("adam", false, 1, 1, 4, 3, 2, 2.5).movement(Measure.TEST_LOSS), "a rise is no progress");
    }

    @Test
    void aTargetThatMostRunsMissIsNotReached() {
        Group sgd = new Group("sgd:1", List.of(run("sgd:1", true, 1, 1, 4, 3), run("sgd:1", true, 2, 1, 4, 1)));
        assertEquals(Double.POSITIVE_INFINITY, sgd.medianTo(Measure.TEST_LOSS, 2, Point::seconds));
        assertEquals(1, sgd.reaching(Measure.TEST_LOSS, 2));
    }

    @Test
    void aBandIsMeanAndRangeWhereAllRunsAre() {
        Group group =
                new Group("adam", List.of(run("adam", false, 1, 1, 9, 4, 2), run("adam", false, 2, 1, 9, 2, 1, 1)));
        Band band = Band.of(group, Measure.TEST_LOSS, Point::epoch).orElseThrow();
        assertEquals(1, band.x()[0]);
        assertEquals(2, band.x()[band.x().length - 1]);
        assertEquals(3, band.mean()[0], 1e-12);
        assertEquals(2, band.low()[0], 1e-12);
        assertEquals(4, band.high()[0], 1e-12);
    }

    @Test
    void theReportHoldsEverythingInOneFile() throws IOException {
        RunStore store = RunStore.open(folder, "p");
        for (RunRecord run : runs()) {
            store.add(run);
        }
        HtmlReport report = HtmlReport.of(folder);
        String page = Files.readString(report.write());
        assertTrue(page.contains("data:image/png;base64,"));
        assertTrue(page.contains("a note"));
        assertTrue(!page.contains("src=\"http") && !page.contains("<script"), "nothing is loaded from elsewhere");
        assertTrue(page.contains("no target"), "nobody holds it at the end");
        assertTrue(report.markdownTable().startsWith("| problem | target |"), report.markdownTable());
        assertTrue(report.summaryText().contains("1 other problems"), report.summaryText());
    }
}
