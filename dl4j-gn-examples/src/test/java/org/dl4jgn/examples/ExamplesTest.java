package org.dl4jgn.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The short examples do what their comments say. */
class ExamplesTest {

    private static final String[] NO_OPTIONS = {};

    @Test
    void theFirstNetworkLearnsTheSpirals() {
        String shown = Console.of(() -> FirstNetwork.main(NO_OPTIONS));
        String accuracy = shown.strip().substring(shown.strip().lastIndexOf(' '));
        assertTrue(Double.parseDouble(accuracy) > 0.98, shown);
    }

    @Test
    void everyStepIsReported() {
        String shown = Console.of(() -> WatchATraining.main(NO_OPTIONS));
        assertEquals(20, shown.lines().filter(line -> line.startsWith("step ")).count(), shown);
        assertTrue(shown.contains("predicted reduction"), shown);
    }

    @Test
    void aResumedTrainingEndsWithTheSameParameters() {
        String shown = Console.of(() -> SaveAndResume.main(NO_OPTIONS));
        assertTrue(shown.contains("same parameters, to the bit: true"), shown);
    }
}
