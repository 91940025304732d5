package org.dl4jgn.bench.speed;

import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.bench.optimizer.EvenSteps;
import org.nd4j.linalg.dataset.DataSet;

/**
 * Steps on LSTMs beside DL4J's own Sgd and PyTorch, as ratios. One after the other takes a step, so that whatever else the machine does
 * meets all alike, and what is measured is the processor time of the thread that trains: with one thread for native code it
 * is the time of a step on a machine that does nothing else, without collections of garbage.
 *
 * @param steps of each that count; as many are taken before
 * @param out where it is printed
 */
public record SequenceReport(int steps, PrintWriter out) {

    private static final String PYTORCH = "PyTorch's sgn3";
    private static final int BATCHES = 4;
    private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();

    /**
     * Checks the number.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public SequenceReport {
        if (steps < 1) {
            throw new IllegalArgumentException(
                    "The number of steps that count is " + steps + ", but must be at least 1");
        }
    }

    /** What takes a step and says its milliseconds. */
    private interface Turn {
        double step() throws IOException;
    }

    /** An optimizer, with the times of its steps that count. */
    private record Rival(String name, Turn turn, DescriptiveStatistics times) {

        double median() {
            return times.getPercentile(50);
        }
    }

    /** Measures and prints. */
    public void print() throws IOException, InterruptedException {
        Optional<PeerSteps> peer = PeerSteps.start("lstm_yardstick.py", out);
        try {
            SequenceCase sequences = new SequenceCase(64, true, 32);
            List<Rival> rivals = new ArrayList<>(List.of(rival(sequences, "sgd")));
            peer.ifPresent(torch -> rivals.add(rival(PYTORCH, torch::step)));
            print(sequences, rival(sequences, "sgn3"), rivals);
        } finally {
            if (peer.isPresent()) {
                peer.get().close();
            }
        }
        print(new SequenceCase(64, false, 32), "sgn3", "sgd");
        print(new SequenceCase(32, false, 64), "egn", "sgn10");
    }

    private void print(SequenceCase sequences, String first, String other) throws IOException {
        print(sequences, rival(sequences, first), List.of(rival(sequences, other)));
    }

    private void print(SequenceCase sequences, Rival first, List<Rival> others) throws IOException {
        for (int i = 0; i < 2 * steps; i++) {
            // the window of the times forgets those that do not count
            first.times.addValue(first.turn.step());
            for (Rival other : others) {
                other.times.addValue(other.turn.step());
            }
        }
        out.println(sequences.describe());
        for (Rival other : others) {
            out.printf(
                    Locale.ROOT,
                    "  %-22s %8.1f / %8.1f ms = %.2f%n",
                    first.name + " / " + other.name,
                    first.median(),
                    other.median(),
                    first.median() / other.median());
        }
        out.flush();
    }

    private Rival rival(String name, Turn turn) {
        return new Rival(name, turn, new DescriptiveStatistics(steps));
    }

    private Rival rival(SequenceCase sequences, String optimizer) {
        EvenSteps even = new EvenSteps(optimizer);
        MultiLayerNetwork net = even.attach(sequences.network(even.updater()));
        List<DataSet> batches = sequences.batches(BATCHES);
        return rival(optimizer, () -> {
            DataSet batch = batches.get(net.getIterationCount() % BATCHES);
            long start = CLOCK.getCurrentThreadCpuTime();
            net.fit(batch);
            return (CLOCK.getCurrentThreadCpuTime() - start) * 1e-6;
        });
    }
}
