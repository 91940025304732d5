package org.dl4jgn.spark.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The fit of a model to steps that follow it. */
class CostModelTest {

    private static CostModel fitted(double latency, double word, double work) {
        List<CostModel.Measured> steps = Stream.of(
                        new long[] {16_750, 400}, new long[] {16_750, 10_000}, new long[] {239_410, 1_000}, new long[] {
                            1_198_210, 400
                        })
                .map(p -> new CostModel.Measured(
                        12, p[0], 12.0 * p[0] * p[1], 12 * (latency + word * p[0]) + work * 12.0 * p[0] * p[1]))
                .toList();
        return CostModel.fitted(steps);
    }

    @Test
    void constantsAreFound() {
        CostModel model = fitted(0.02, 3e-8, 1.5e-10);
        assertEquals(0.02, model.latency(), 1e-10);
        assertEquals(3e-8, model.word(), 1e-16);
        assertEquals(1.5e-10, model.work(), 1e-18);
        assertEquals(0, model.error(), 1e-8);
    }

    @Test
    void aConstantThatIsNotNeededIsZero() {
        assertEquals(0, fitted(0.02, 0, 1.5e-10).word(), 1e-16);
    }

    /** One JVM asks no questions. */
    @Test
    void withoutJobsThereIsWorkOnly() {
        CostModel model = CostModel.fitted(
                List.of(new CostModel.Measured(0, 100, 2e9, 0.3), new CostModel.Measured(0, 200, 4e9, 0.6)));
        assertEquals(1.5e-10, model.work(), 1e-20);
        assertEquals(0, model.latency());
    }
}
