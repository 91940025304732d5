package org.dl4jgn.bench.optimizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.shade.jackson.databind.ObjectMapper;

class BudgetScheduleTest {

    private static final double ROUNDING = 1e-15;

    private static double[] rates(BudgetSchedule.Shape shape, int steps) {
        BudgetSchedule schedule = new BudgetSchedule(shape, 2, steps);
        double[] rates = new double[steps];
        for (int i = 0; i < steps; i++) {
            rates[i] = schedule.valueAt(i, 7);
        }
        return rates;
    }

    private static void assertRates(double[] expected, double[] actual) {
        assertArrayEquals(expected, actual, ROUNDING);
    }

    @Test
    void cosineFallsToZeroAtTheEndOfTheBudget() {
        double root = Math.sqrt(0.5);
        assertRates(new double[] {2, 1 + root, 1, 1 - root}, rates(BudgetSchedule.Shape.COSINE, 4));
        assertEquals(0, new BudgetSchedule(BudgetSchedule.Shape.COSINE, 2, 1_000_000).valueAt(999_999, 0), 1e-11);
    }

    @Test
    void stepFallsByTenAtTheHalfAndAtThreeQuarters() {
        assertRates(new double[] {2, 2, 2, 2, 0.2, 0.2, 0.02, 0.02}, rates(BudgetSchedule.Shape.STEP, 8));
        assertRates(new double[] {2, 2, 2, 0.2, 0.02}, rates(BudgetSchedule.Shape.STEP, 5));
        assertRates(new double[] {2}, rates(BudgetSchedule.Shape.STEP, 1));
    }

    @Test
    void afterTheBudgetTheRateStays() {
        assertEquals(0.02, new BudgetSchedule(BudgetSchedule.Shape.STEP, 2, 8).valueAt(100, 0), ROUNDING);
    }

    @Test
    void aBudgetOfNoStepsIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new BudgetSchedule(BudgetSchedule.Shape.STEP, 1, 0));
    }

    @Test
    void anUpdaterKeepsItInJson() throws Exception {
        Adam adam = new Adam(new BudgetSchedule(BudgetSchedule.Shape.COSINE, 0.3, 12));
        ObjectMapper json = new ObjectMapper();
        assertEquals(adam, json.readValue(json.writeValueAsString(adam), Adam.class));
    }
}
