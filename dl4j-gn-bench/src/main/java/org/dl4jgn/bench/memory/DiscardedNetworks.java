package org.dl4jgn.bench.memory;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.dl4jgn.bench.optimizer.Contender;
import org.dl4jgn.bench.problem.SyntheticProblem;
import org.dl4jgn.bench.process.JavaProcess;
import org.dl4jgn.bench.rivals.Trainer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;

/**
 * Resident size of a process that makes networks of a million parameters, one after the other, lets each take some steps,
 * and refers to it no more. Nobody collects garbage but the JVM, as in a program that tries out settings: what is freed only
 * when the collector happens to run makes a saw.
 *
 * @param program a class whose {@code main} takes {@code memory discarded --here ...} and prints what {@link #here} gives
 * @param networks how many
 * @param steps of each
 * @param batch examples in a mini-batch
 */
public record DiscardedNetworks(String program, int networks, int steps, int batch) {

    private static final String CUT = " ";

    /**
     * Resident bytes.
     *
     * @param afterEach network
     * @param peak of the process, where the system counts it, otherwise the largest of the others
     */
    public record Sizes(List<Long> afterEach, long peak) {

        /** When the last network is given up. */
        public long last() {
            return afterEach.get(afterEach.size() - 1);
        }
    }

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if they are not positive
     */
    public DiscardedNetworks {
        if (networks < 1 || steps < 1) {
            throw new IllegalArgumentException(
                    "The numbers of networks and steps are " + networks + " and " + steps + ", but must be at least 1");
        }
    }

    /** In this process, which must have done nothing else before; printed in one line, for {@link #measure}. */
    public void here(Contender contender, PrintWriter out) throws IOException {
        SyntheticProblem problem = SyntheticProblem.ofAMillionParameters().withBatch(batch);
        List<DataSet> batches = problem.batches(steps);
        List<Long> sizes = new ArrayList<>();
        for (int i = 0; i < networks; i++) {
            Trainer trainer = problem.start(contender, DataType.FLOAT);
            batches.forEach(trainer::fit);
            sizes.add(ProcessMemory.resident());
        }
        sizes.add(ProcessMemory.peak()
                .orElse(sizes.stream().mapToLong(x -> x).max().orElseThrow()));
        out.println(String.join(CUT, sizes.stream().map(String::valueOf).toList()));
        out.flush();
    }

    /** In a process of its own. */
    public Sizes measure(String optimizer) throws IOException, InterruptedException {
        List<String> arguments = List.of(
                "memory",
                "discarded",
                "--here",
                "--networks",
                String.valueOf(networks),
                "--steps",
                String.valueOf(steps),
                "--batch",
                String.valueOf(batch),
                "--optimizer",
                optimizer);
        String printed = new JavaProcess(program, arguments).read();
        String last = printed.strip().lines().reduce("", (a, b) -> b);
        List<Long> sizes = Stream.of(last.split(CUT)).map(Long::valueOf).toList();
        return new Sizes(sizes.subList(0, networks), sizes.get(networks));
    }

    /** Measures each optimizer and prints; the first is the yardstick of the others. Returns the largest ratio of peaks. */
    public double print(List<String> optimizers, PrintWriter out) throws IOException, InterruptedException {
        out.printf(
                "%-20s %10s %10s %10s %10s   %s%n",
                "optimizer", "first MB", "median MB", "last MB", "peak MB", "ratio of peaks");
        double yardstick = Double.NaN;
        double worst = 1;
        for (String optimizer : optimizers) {
            Sizes sizes = measure(optimizer);
            yardstick = Double.isNaN(yardstick) ? sizes.peak() : yardstick;
            double ratio = sizes.peak() / yardstick;
            worst = Math.max(worst, ratio);
            out.printf(
                    Locale.ROOT,
                    "%-20s %10.0f %10.0f %10.0f %10.0f   %.2f%n",
                    optimizer,
                    sizes.afterEach().get(0) / 1e6,
                    sizes.afterEach().stream().sorted().toList().get(networks / 2) / 1e6,
                    sizes.last() / 1e6,
                    sizes.peak() / 1e6,
                    ratio);
            out.flush();
        }
        return worst;
    }
}
