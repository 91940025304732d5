package org.dl4jgn.bench.speed;

import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.dataset.DataSet;

/**
 * Times of steps of several optimizers that take turns, so that whatever else the machine does meets all alike. What is measured of
 * ours is the processor time of the thread that trains: with one thread for native code it is the time of a step on a machine
 * that does nothing else, without collections of garbage.
 */
final class AlternatingSteps {

    private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();

    private final int steps;
    private final List<Rival> rivals = new ArrayList<>();

    /** What takes a step and says its milliseconds. */
    interface Turn {
        double step() throws IOException;
    }

    /** Who takes turns, with the times of its steps that count: the window forgets those before. */
    private record Rival(String name, Turn turn, DescriptiveStatistics times) {

        void step() throws IOException {
            times.addValue(turn.step());
        }
    }

    /**
     * Of nobody yet.
     *
     * @param steps of each that count; as many are taken before
     */
    AlternatingSteps(int steps) {
        if (steps < 1) {
            throw new IllegalArgumentException(
                    "The number of steps that count is " + steps + ", but must be at least 1");
        }
        this.steps = steps;
    }

    /** A network's {@code fit} on one mini-batch after the other. */
    static Turn fitting(MultiLayerNetwork net, List<DataSet> batches) {
        return () -> {
            DataSet batch = batches.get(net.getIterationCount() % batches.size());
            long start = CLOCK.getCurrentThreadCpuTime();
            net.fit(batch);
            return (CLOCK.getCurrentThreadCpuTime() - start) * 1e-6;
        };
    }

    /** One more that takes turns. */
    AlternatingSteps with(String name, Turn turn) {
        rivals.add(new Rival(name, turn, new DescriptiveStatistics(steps)));
        return this;
    }

    /** Takes all steps. */
    AlternatingSteps run() throws IOException {
        for (int i = 0; i < 2 * steps; i++) {
            for (Rival rival : rivals) {
                rival.step();
            }
        }
        return this;
    }

    /** The median of a step, in milliseconds. */
    private double median(String name) {
        return rivals.stream()
                .filter(rival -> rival.name.equals(name))
                .findFirst()
                .orElseThrow()
                .times
                .getPercentile(50);
    }

    /** A line with the ratio of two medians. */
    void printRatio(String name, String other, PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "  %-22s %8.1f / %8.1f ms = %.2f%n",
                name + " / " + other,
                median(name),
                median(other),
                median(name) / median(other));
        out.flush();
    }

    /** The ratios of the first to all others. */
    void printRatios(PrintWriter out) {
        rivals.stream().skip(1).forEach(other -> printRatio(rivals.get(0).name, other.name, out));
    }
}
