package org.dl4jgn.bench.speed;

import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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

    /** Measures and prints. */
    public void print() throws IOException, InterruptedException {
        Optional<PeerSteps> peer = PeerSteps.start("lstm_yardstick.py", out);
        try {
            Map<String, Turn> others = new LinkedHashMap<>();
            peer.ifPresent(torch -> others.put(PYTORCH, torch::step));
            print(new SequenceCase(64, true, 32), "sgn3", List.of("sgd"), others);
        } finally {
            if (peer.isPresent()) {
                peer.get().close();
            }
        }
        print(new SequenceCase(64, false, 32), "sgn3", List.of("sgd"), Map.of());
        print(new SequenceCase(32, false, 64), "egn", List.of("sgn10"), Map.of());
    }

    private void print(SequenceCase sequences, String first, List<String> rivals, Map<String, Turn> others)
            throws IOException {
        Map<String, Turn> turns = new LinkedHashMap<>();
        turns.put(first, turn(sequences, first));
        rivals.forEach(name -> turns.put(name, turn(sequences, name)));
        turns.putAll(others);
        Map<String, Double> medians = medians(turns);
        out.println(sequences.describe());
        List<String> names = new ArrayList<>(turns.keySet());
        for (String name : names.subList(1, names.size())) {
            out.printf(
                    Locale.ROOT,
                    "  %-22s %8.1f / %8.1f ms = %.2f%n",
                    first + " / " + name,
                    medians.get(first),
                    medians.get(name),
                    medians.get(first) / medians.get(name));
        }
        out.flush();
    }

    private static Turn turn(SequenceCase sequences, String optimizer) {
        EvenSteps even = new EvenSteps(optimizer);
        MultiLayerNetwork net = even.attach(sequences.network(even.updater()));
        List<DataSet> batches = sequences.batches(BATCHES);
        return () -> {
            DataSet batch = batches.get(net.getIterationCount() % BATCHES);
            long start = CLOCK.getCurrentThreadCpuTime();
            net.fit(batch);
            return (CLOCK.getCurrentThreadCpuTime() - start) * 1e-6;
        };
    }

    private Map<String, Double> medians(Map<String, Turn> turns) throws IOException {
        Map<String, DescriptiveStatistics> times = new LinkedHashMap<>();
        turns.keySet().forEach(name -> times.put(name, new DescriptiveStatistics(steps)));
        for (int i = 0; i < 2 * steps; i++) {
            for (Map.Entry<String, Turn> turn : turns.entrySet()) {
                // the window forgets those that do not count
                times.get(turn.getKey()).addValue(turn.getValue().step());
            }
        }
        Map<String, Double> medians = new LinkedHashMap<>();
        times.forEach((name, values) -> medians.put(name, values.getPercentile(50)));
        return medians;
    }
}
