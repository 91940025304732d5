package org.dl4jgn.bench.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.dl4jgn.bench.optimizer.Optimizers;
import org.dl4jgn.bench.problem.SyntheticProblem;
import org.junit.jupiter.api.Test;

/** The verdict; what a process takes is for the command to measure. */
class AttachCyclesTest {

    private static final double MEGABYTE = 1 << 20;

    private static AttachCycles.Result result(IntToDoubleFunction megabytes) {
        return AttachCycles.result(IntStream.range(0, 500)
                .mapToDouble(i -> MEGABYTE * megabytes.applyAsDouble(i))
                .toArray());
    }

    @Test
    void aHundredKilobytesACycleAreALeak() {
        AttachCycles.Result leak = result(i -> 200 + 0.1 * i);
        assertFalse(leak.isFlat());
        assertEquals(30.0 / 214.95, leak.growth(), 1e-9);
    }

    @Test
    void growthWhileTheProcessWarmsUpIsNone() {
        assertTrue(result(i -> Math.min(200, 100 + i)).isFlat());
    }

    @Test
    void aSawIsFlatAndASizeThatFallsToo() {
        assertTrue(result(i -> 200 + i % 10).isFlat());
        assertTrue(result(i -> 300 - 0.1 * i).isFlat());
    }

    /** An hour is an hour, whatever the first cycles took and whatever else the machine does. */
    @Test
    void neitherCyclesNorTimeMayBeMissing() {
        AttachCycles anHour = cycles(AttachCycles.FEWEST, 3600);
        assertEquals(0.25, anHour.done(5_000, 900));
        assertEquals(0.5, anHour.done(25, 3599));
        assertEquals(1, anHour.done(18_000, 3601));
        assertEquals(0.9, cycles(500, 0).done(450, 1e6));
        assertThrows(IllegalArgumentException.class, () -> cycles(49, 0));
        assertThrows(IllegalArgumentException.class, () -> cycles(50, Double.NaN));
    }

    private static AttachCycles cycles(int cycles, double seconds) {
        return new AttachCycles(
                SyntheticProblem.like("boston"),
                Optimizers.parse("sgn"),
                AttachCycles.Ending.DISCARD,
                cycles,
                seconds,
                10);
    }

    @Test
    void theProcessHasASize() throws IOException {
        long resident = ProcessMemory.resident();
        assertTrue(resident > 10 * MEGABYTE, () -> resident + " bytes");
        ProcessMemory.peak().ifPresent(peak -> assertTrue(peak >= resident, peak + " and " + resident));
    }
}
