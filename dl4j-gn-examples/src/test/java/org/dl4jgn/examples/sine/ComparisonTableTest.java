package org.dl4jgn.examples.sine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTableTest {

    @Test
    void aRowForEachRunWithTheTimeToTheLowestLossOfTheRivals() {
        List<String> lines = ComparisonTable.of(List.of(Runs.SGD, Runs.ADAM, Runs.SGN))
                .lines()
                .toList();
        assertEquals(
                List.of("optimizer", "settings", "epochs", "seconds", "train loss", "test loss", "s to 0.0200"),
                cells(lines.get(0)));
        assertEquals(
                List.of("SGD (0.1)", "learning rate 0.1", "100", "4.00", "0.500", "0.400", "-"), cells(lines.get(1)));
        assertEquals(
                List.of("Adam (0.01)", "learning rate 0.01", "90", "4.10", "0.0300", "0.0250", "3.00"),
                cells(lines.get(2)));
        assertEquals(
                List.of("SGN (10)", "10 CG iterations, other defaults", "40", "4.20", "0.000100", "0.000200", "1.50"),
                cells(lines.get(3)));
    }

    @Test
    void saysHowMuchFaster() {
        assertTrue(ComparisonTable.of(List.of(Runs.SGD, Runs.ADAM, Runs.SGN))
                .endsWith("Adam (0.01) took 3.00 s to its lowest test loss, 0.0200, the lowest of the rivals."
                        + " SGN (10) took 1.50 s to the same loss: 2.0 times as fast."));
    }

    @Test
    void saysSoWhenTheRivalsAreNotReached() {
        Run slow = Runs.of(Contender.sgn(1), 0.5, new Curve.Point(1, 0.3, 0.5));
        assertTrue(ComparisonTable.of(List.of(Runs.SGD, Runs.ADAM, slow)).endsWith("SGN (1) did not get there."));
    }

    @Test
    void saysNothingOfRivalsThatDiverged() {
        Run diverged = Runs.of(Contender.sgd(9), Double.NaN, new Curve.Point(1, 0.1, Double.NaN));
        String table = ComparisonTable.of(List.of(diverged, Runs.SGN));
        assertEquals(3, table.lines().count());
        assertTrue(table.contains("NaN"));
    }

    private static List<String> cells(String line) {
        return List.of(line.trim().split(" {2,}"));
    }
}
