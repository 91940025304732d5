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
                curve);
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
    void aKindIsRepresentedByItsTunedOrPlainSettings() {
        assertEquals(
                List.of("adam:0.1", "sgd:1", "sgn"),
                Standings.of("p", runs()).groups().stream()
                        .map(Group::optimizer)
                        .toList());
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
        assertTrue(report.summaryText().contains("sgn gets to the best rival's best sooner than that rival on 1"));
    }
}
