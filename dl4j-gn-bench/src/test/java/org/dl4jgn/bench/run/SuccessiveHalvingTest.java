package org.dl4jgn.bench.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.dl4jgn.bench.run.SuccessiveHalving.Candidate;
import org.dl4jgn.bench.run.SuccessiveHalving.Scored;
import org.junit.jupiter.api.Test;

class SuccessiveHalvingTest {

    private static final SuccessiveHalving BY_FOUR = new SuccessiveHalving(4);

    @Test
    void budgetsGrowToTheLastAndSmallOnesFallTogether() {
        assertEquals(
                List.of(new Budget(null, 4), new Budget(null, 15), new Budget(null, 60)),
                BY_FOUR.budgets(new Budget(null, 60), 3));
        assertEquals(
                List.of(new Budget(null, 1), new Budget(null, 2), new Budget(null, 8)),
                BY_FOUR.budgets(new Budget(null, 8), 3));
        assertEquals(List.of(new Budget(null, 1)), BY_FOUR.budgets(new Budget(null, 1), 3));
        assertEquals(
                List.of(new Budget(0.5, null), new Budget(2.0, null), new Budget(8.0, null)),
                BY_FOUR.budgets(new Budget(8.0, null), 3));
    }

    @Test
    void aQuarterSurvivesAndOfEachFamilyTheBest() {
        List<Scored> sorted = IntStream.range(0, 8)
                .mapToObj(i -> new Scored(new Candidate(i < 6 ? "good" : "bad", "c" + i), i))
                .toList();
        assertEquals(
                List.of("c0", "c1", "c6"),
                BY_FOUR.survivors(sorted).stream().map(Candidate::text).toList());
        assertEquals(
                Map.of("good", new Candidate("good", "c0"), "bad", new Candidate("bad", "c6")),
                SuccessiveHalving.best(sorted));
    }

    /** What is worth |i − 11| after all, and looks by up to 6 worse with a small budget. */
    @Test
    void theBestOfManyIsFoundWithAFractionOfTheWork() throws IOException {
        List<Candidate> candidates =
                IntStream.range(0, 32).mapToObj(i -> new Candidate("f", "" + i)).toList();
        List<Integer> spent = new ArrayList<>();
        List<Scored> scored = List.of();
        for (Budget budget : BY_FOUR.budgets(new Budget(null, 64), 3)) {
            scored = SuccessiveHalving.rung(
                    scored.isEmpty() ? candidates : BY_FOUR.survivors(scored),
                    budget,
                    (candidate, b) -> {
                        spent.add(b.epochs());
                        int i = Integer.parseInt(candidate.text());
                        return Math.abs(i - 11) + (i * 7 % 4) * 8.0 / b.epochs();
                    },
                    Comparator.naturalOrder());
        }
        assertEquals("11", scored.get(0).candidate().text());
        assertEquals(32 * 4 + 8 * 16 + 2 * 64, spent.stream().mapToInt(i -> i).sum());
    }

    @Test
    void whatIsNoNumberIsLast() throws IOException {
        List<Candidate> two = List.of(new Candidate("f", "lost"), new Candidate("f", "well"));
        List<Scored> scored = SuccessiveHalving.rung(
                two,
                new Budget(null, 1),
                (candidate, budget) -> candidate.text().equals("lost") ? Double.NaN : 5,
                Comparator.naturalOrder());
        assertEquals("well", scored.get(0).candidate().text());
    }

    @Test
    void nothingIsHalvedByOne() {
        assertThrows(IllegalArgumentException.class, () -> new SuccessiveHalving(1));
    }
}
