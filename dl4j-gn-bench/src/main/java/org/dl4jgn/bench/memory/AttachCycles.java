package org.dl4jgn.bench.memory;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
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
 * @param cycles the fewest, at least 50
 * @param seconds the shortest time, by the clock on the wall; 0 where only the cycles count
 * @param collectEvery cycles from one collection of garbage to the next; 0 for none but the JVM's own
 */
public record AttachCycles(
        SyntheticProblem problem, Contender contender, Ending ending, int cycles, double seconds, int collectEvery) {

    /** The fewest cycles that can be compared. */
    public static final int FEWEST = 50;

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
        if (cycles < FEWEST) {
            throw new IllegalArgumentException("The number of cycles is " + cycles + ", but must be at least " + FEWEST
                    + ", or there is nothing to compare");
        }
        if (!(seconds >= 0 && seconds < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("The time is " + seconds + " s, but must be at least 0 and finite");
        }
        if (collectEvery < 0) {
            throw new IllegalArgumentException(
                    "A collection every " + collectEvery + " cycles makes no sense; say 0 for none, or 1 and more");
        }
    }

    /** Makes the cycles, and prints the resident size whenever a tenth of them is done. */
    public Result run(PrintWriter out) throws IOException, InterruptedException {
        List<DataSet> batches = problem.batches(STEPS);
        DoubleStream.Builder resident = DoubleStream.builder();
        Trainer trainer = problem.start(contender, DataType.FLOAT);
        out.printf("%8s %14s%n", "cycles", "process MB");
        long start = System.nanoTime();
        int tenths = 0;
        for (int made = 1; tenths < TABLE; made++) {
            batches.forEach(trainer::fit);
            trainer = next(trainer);
            if (collectEvery > 0 && made % collectEvery == 0) {
                ProcessMemory.collect();
            }
            long bytes = ProcessMemory.resident();
            resident.add(bytes);
            int now = (int) (TABLE * done(made, (System.nanoTime() - start) * 1e-9));
            if (now > tenths) {
                out.printf(Locale.ROOT, "%8d %14.1f%n", made, bytes / 1e6);
                out.flush();
                tenths = now;
            }
        }
        return result(resident.build().toArray());
    }

    /** The part that is done, 1 at the end: neither cycles nor time may be missing. */
    double done(int made, double elapsed) {
        return Math.min(1, Math.min((double) made / cycles, seconds == 0 ? 1 : elapsed / seconds));
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
