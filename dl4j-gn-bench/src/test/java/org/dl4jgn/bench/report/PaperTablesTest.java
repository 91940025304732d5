package org.dl4jgn.bench.report;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.dl4jgn.bench.optimizer.Optimizers;
import org.dl4jgn.bench.problem.Measure;
import org.dl4jgn.bench.run.Budget;
import org.dl4jgn.bench.run.Machine;
import org.dl4jgn.bench.run.Point;
import org.dl4jgn.bench.run.RunRecord;
import org.dl4jgn.bench.run.RunStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;

class PaperTablesTest {

    private static RunRecord run(String optimizer, int seed, double... losses) {
        List<Point> curve = new ArrayList<>();
        for (int i = 0; i < losses.length; i++) {
            Map<Measure, Double> values = Map.of(Measure.TRAIN_LOSS, losses[i], Measure.TEST_LOSS, losses[i]);
            curve.add(new Point(i, 4L * i, i, values));
        }
        return new RunRecord(
                "boston",
                optimizer,
                "sgn:10",
                Optimizers.parse(optimizer).settings(),
                false,
                seed,
                DataType.DOUBLE,
                101,
                new Budget(null, 3),
                0,
                RunRecord.Status.FINISHED,
                "",
                "now",
                new Machine("os", "cpu", 2, 8, "java", "dl4j", "backend", 1, "blas"),
                List.of(),
                List.of(),
                List.of(Measure.TRAIN_LOSS, Measure.TEST_LOSS),
                null,
                curve);
    }

    @Test
    void aSeedThatWasRunUnderTwoNamesCountsOnceByItsLongerRun(@TempDir Path folder) throws IOException {
        RunStore store = RunStore.open(folder, "boston");
        store.add(run("sgn:10,linesearch=armijo", 1, 0.9, 0.5));
        store.add(run("sgn:10", 1, 0.9, 0.3, 0.04));
        store.add(run("sgn:10", 2, 0.9, 0.1, 0.02));
        String text = new PaperTables(folder).of("boston").orElseThrow();
        assertTrue(text.contains("| SGN(10) train loss, here, double, 2 seeds | 0.200 (0.100–0.300) | 0.0300"), text);
    }
}
