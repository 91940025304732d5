package org.dl4jgn.bench.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
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

    @Test
    void theProcessHasASize() throws IOException {
        long resident = ProcessMemory.resident();
        assertTrue(resident > 10 * MEGABYTE, () -> resident + " bytes");
        ProcessMemory.peak().ifPresent(peak -> assertTrue(peak >= resident, peak + " and " + resident));
    }
}
