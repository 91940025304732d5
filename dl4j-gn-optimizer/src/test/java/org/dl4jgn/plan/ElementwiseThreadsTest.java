package org.dl4jgn.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.factory.Environment;
import org.nd4j.linalg.factory.Nd4j;

/** The number of threads is the process's: however several trainings interleave, it is in the end what it was. */
class ElementwiseThreadsTest {

    private static final int SET_BY_THE_USER = 2;

    private final Environment environment = Nd4j.getEnvironment();
    private final int before = environment.maxMasterThreads();
    private final int limitBefore = environment.maxThreads();

    @BeforeEach
    void several() {
        environment.setMaxThreads(SET_BY_THE_USER);
        environment.setMaxMasterThreads(SET_BY_THE_USER);
        assumeTrue(environment.maxMasterThreads() == SET_BY_THE_USER, "a machine with one core has one thread");
    }

    @AfterEach
    void asItWas() {
        environment.setMaxMasterThreads(before);
        environment.setMaxThreads(limitBefore);
    }

    /**
     * Two trainings, each in a thread of its own, in each order in which their openings and closings can meet: A and B open,
     * a and b close.
     */
    @ParameterizedTest
    @ValueSource(strings = {"AaBb", "ABab", "ABba", "ABaAba", "ABabAB"})
    void twoTrainingsLeaveTheNumberAsItWas(String order) throws Exception {
        List<Training> trainings = List.of(new Training(), new Training());
        try {
            for (char event : order.toCharArray()) {
                Training training = trainings.get(Character.toLowerCase(event) - 'a');
                if (Character.isUpperCase(event)) {
                    training.open();
                } else {
                    training.close();
                }
                boolean anyOpen = trainings.stream().anyMatch(t -> !t.open.isEmpty());
                assertEquals(anyOpen ? 1 : SET_BY_THE_USER, environment.maxMasterThreads(), "after " + event);
            }
        } finally {
            for (Training training : trainings) {
                training.end();
            }
        }
        assertEquals(SET_BY_THE_USER, environment.maxMasterThreads());
    }

    /** A training in its own thread, which does what it is told and then waits. */
    private static final class Training {

        final List<ElementwiseThreads> open = new ArrayList<>();
        private final ExecutorService thread = Executors.newSingleThreadExecutor();

        void open() throws Exception {
            inThread(() -> open.add(ElementwiseThreads.one(true)));
        }

        void close() throws Exception {
            inThread(() -> open.remove(open.size() - 1).close());
        }

        void end() throws Exception {
            while (!open.isEmpty()) {
                close();
            }
            thread.shutdown();
        }

        private void inThread(Runnable event) throws Exception {
            Future<?> done = thread.submit(event);
            done.get();
        }
    }

    @Test
    void aStepInAStepKeepsOneThread() {
        try (ElementwiseThreads outer = ElementwiseThreads.one(true)) {
            try (ElementwiseThreads inner = ElementwiseThreads.one(true)) {
                assertEquals(1, environment.maxMasterThreads());
            }
            assertEquals(1, environment.maxMasterThreads());
        }
        assertEquals(SET_BY_THE_USER, environment.maxMasterThreads());
    }

    @Test
    void closingTwiceIsClosingOnce() {
        try (ElementwiseThreads other = ElementwiseThreads.one(true)) {
            ElementwiseThreads twice = ElementwiseThreads.one(true);
            twice.close();
            twice.close();
            assertEquals(1, environment.maxMasterThreads(), "the other is open");
        }
        assertEquals(SET_BY_THE_USER, environment.maxMasterThreads());
    }

    @Test
    void largeArraysKeepAllThreads() {
        try (ElementwiseThreads large = ElementwiseThreads.one(false)) {
            assertEquals(SET_BY_THE_USER, environment.maxMasterThreads());
        }
        assertEquals(SET_BY_THE_USER, environment.maxMasterThreads());
    }
}
