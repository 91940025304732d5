package org.dl4jgn.bench.memory;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.commons.math3.stat.descriptive.rank.Median;
import org.dl4jgn.bench.optimizer.Contender;
import org.dl4jgn.bench.problem.SyntheticProblem;
import org.dl4jgn.bench.rivals.Trainer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;

/**
 * Whether the resident size stays flat while a network is attached, takes some steps, and is given up, again and again. The
 * JVM compiles and its heap grows for a while, so that the second fifth of the cycles is compared with the last one, by
 * medians.
 *
 * @param problem network and data
 * @param contender who trains
 * @param ending how a network is given up
 * @param cycles how many, at least 50
 * @param collectEvery cycles from one collection of garbage to the next; 0 for none but the JVM's own
 */
public record AttachCycles(SyntheticProblem problem, Contender contender, Ending ending, int cycles, int collectEvery) {

    /** The growth that counts as flat. */
    public static final double FLAT = 0.05;

    private static final int STEPS = 4;
    private static final int PARTS = 5;
    private static final int TABLE = 10;

    /** How a cycle ends. */
    public enum Ending {
        /** Nobody refers to the network any more; the next cycle has a new one. */
        DISCARD,
        /** The same network is attached again, and goes on. */
        ANEW,
        /** DL4J's {@code clear()}, which drops the solver; then the same network is attached again. */
        CLEAR
    }

    /**
     * What was found.
     *
     * @param early median resident bytes over the second fifth of the cycles
     * @param late median over the last fifth
     */
    public record Result(double early, double late) {

        /** Relative. */
        public double growth() {
            return late / early - 1;
        }

        /** Whether it stays within {@link AttachCycles#FLAT}. A size that falls is no leak. */
        public boolean isFlat() {
            return growth() <= FLAT;
        }
    }

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if they are too small
     */
    public AttachCycles {
        if (cycles < PARTS * TABLE) {
            throw new IllegalArgumentException("The number of cycles is " + cycles + ", but must be at least "
                    + PARTS * TABLE + ", or there is nothing to compare");
        }
        if (collectEvery < 0) {
            throw new IllegalArgumentException(
                    "A collection every " + collectEvery + " cycles makes no sense; say 0 for none, or 1 and more");
        }
    }

    /** Makes the cycles, and prints the resident size after each tenth of them. */
    public Result run(PrintWriter out) throws IOException, InterruptedException {
        List<DataSet> batches = problem.batches(STEPS);
        double[] resident = new double[cycles];
        Trainer trainer = problem.start(contender, DataType.FLOAT);
        out.printf("%8s %14s%n", "cycles", "process MB");
        for (int i = 0; i < cycles; i++) {
            batches.forEach(trainer::fit);
            trainer = next(trainer);
            if (collectEvery > 0 && i % collectEvery == collectEvery - 1) {
                ProcessMemory.collect();
            }
            resident[i] = ProcessMemory.resident();
            if (i % (cycles / TABLE) == cycles / TABLE - 1) {
                out.printf(Locale.ROOT, "%8d %14.1f%n", i + 1, resident[i] / 1e6);
                out.flush();
            }
        }
        return result(resident);
    }

    /** The same with as many cycles as take so long, by the time of a few, the fewest there are. */
    public AttachCycles lasting(double seconds) throws IOException, InterruptedException {
        if (!(seconds > 0)) {
            throw new IllegalArgumentException("The time is " + seconds + " s, but must be greater than 0");
        }
        int few = PARTS * TABLE;
        long start = System.nanoTime();
        new AttachCycles(problem, contender, ending, few, collectEvery).run(new PrintWriter(Writer.nullWriter()));
        double each = (System.nanoTime() - start) * 1e-9 / few;
        return new AttachCycles(problem, contender, ending, (int) Math.max(few, seconds / each), collectEvery);
    }

    private Trainer next(Trainer trainer) {
        return switch (ending) {
            case DISCARD -> problem.start(contender, DataType.FLOAT);
            case ANEW -> contender.trainer(trainer.network());
            case CLEAR -> {
                trainer.network().clear();
                yield contender.trainer(trainer.network());
            }
        };
    }

    static Result result(double[] resident) {
        int part = resident.length / PARTS;
        return new Result(
                new Median().evaluate(Arrays.copyOfRange(resident, part, 2 * part)),
                new Median().evaluate(Arrays.copyOfRange(resident, resident.length - part, resident.length)));
    }
}
