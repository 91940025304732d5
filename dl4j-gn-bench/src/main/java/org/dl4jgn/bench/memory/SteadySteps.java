package org.dl4jgn.bench.memory;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import org.dl4jgn.bench.optimizer.Contender;
import org.dl4jgn.bench.problem.SyntheticProblem;
import org.dl4jgn.bench.rivals.Trainer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;

/**
 * Heap and resident size of the process over many steps of one network: printed after each tenth of them, after a
 * collection.
 *
 * @param problem network and data
 * @param contender who trains
 * @param steps how many
 */
public record SteadySteps(SyntheticProblem problem, Contender contender, int steps) {

    private static final int BATCHES = 16;
    private static final int TABLE = 10;

    /**
     * Checks the number.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public SteadySteps {
        if (steps < 1) {
            throw new IllegalArgumentException("The number of steps is " + steps + ", but must be at least 1");
        }
    }

    /** Makes the steps and prints. */
    public void print(PrintWriter out) throws IOException, InterruptedException {
        Trainer trainer = problem.start(contender, DataType.FLOAT);
        List<DataSet> batches = problem.batches(BATCHES);
        out.printf("%8s %12s %14s%n", "steps", "heap MB", "process MB");
        for (int i = 0; i <= steps; i++) {
            if (i % Math.max(1, steps / TABLE) == 0) {
                ProcessMemory.collect();
                Runtime runtime = Runtime.getRuntime();
                out.printf(
                        Locale.ROOT,
                        "%8d %12.1f %14.1f%n",
                        i,
                        (runtime.totalMemory() - runtime.freeMemory()) / 1e6,
                        ProcessMemory.resident() / 1e6);
                out.flush();
            }
            trainer.fit(batches.get(i % batches.size()));
        }
    }
}
