package org.dl4jgn.bench.speed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.VerboseMode;

class JmhTimesTest {

    /** A time is known by its optimizer, or else by its method: what has no optimizer must not have the parameter. */
    @ParameterizedTest
    @CsvSource({
        "StepBenchmark.step, true",
        "StepBenchmark.products, false",
        "EgnBenchmark.step, true",
        "ImageBenchmark.step, true",
        "ImageBenchmark.gradient, false",
        "ImageBenchmark.product, false",
        "ImageBenchmark.dl4jGradient, false"
    })
    void onlyStepsAreOfAnOptimizer(String name, boolean isOfAnOptimizer) {
        List<BenchmarkListEntry> found = List.copyOf(BenchmarkList.defaultList()
                .find(
                        OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT),
                        List.of("\\." + name + "$"),
                        List.of()));
        assertEquals(1, found.size(), name);
        assertTrue(found.get(0).getParams().get().containsKey("problem"));
        assertEquals(isOfAnOptimizer, found.get(0).getParams().get().containsKey("optimizer"));
    }

    @Test
    void theBetterNumberOfThreadsCounts() {
        JmhTimes times = new JmhTimes(Map.of("a", 1.0, "b", 3.0), Map.of("a", 2.0, "b", 2.0));
        assertEquals(1, times.best("a"));
        assertTrue(times.isBestSingle("a"));
        assertEquals(2, times.best("b"));
        assertFalse(times.isBestSingle("b"));
    }

    @Test
    void whatWasNotTimedIsSaid() {
        JmhTimes times = new JmhTimes(Map.of("a", 1.0), Map.of("a", 2.0));
        String message =
                assertThrows(IllegalStateException.class, () -> times.best("c")).getMessage();
        assertTrue(message.contains("\"c\""), message);
    }
}
