package org.dl4jgn.bench.speed;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.dl4jgn.bench.process.JavaProcess;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/**
 * Medians of a benchmark, which JMH runs in a process of its own, in milliseconds, by problem and what was timed, such as
 * {@code boston sgn10} or {@code boston products10}: the optimizer, or the method's name with its number of iterations.
 *
 * @param single with one thread; empty if that was not measured
 * @param all with the default number of threads
 */
record JmhTimes(Map<String, Double> single, Map<String, Double> all) {

    /**
     * With the default number of threads.
     *
     * @param benchmark the class, with parameters {@code problem} and {@code optimizer} or {@code iterations}
     * @param options further arguments of JMH
     * @throws IOException if JMH or one of its benchmarks fails
     */
    static JmhTimes measure(Class<?> benchmark, List<String> options, PrintWriter out)
            throws IOException, InterruptedException {
        out.println("JMH with the default number of threads ...");
        out.flush();
        return new JmhTimes(Map.of(), run(benchmark, 0, options));
    }

    /** With one thread, then with the default number; see {@link #measure}. */
    static JmhTimes measureBoth(Class<?> benchmark, List<String> options, PrintWriter out)
            throws IOException, InterruptedException {
        out.println("JMH with one thread ...");
        out.flush();
        Map<String, Double> single = run(benchmark, 1, options);
        return new JmhTimes(single, measure(benchmark, options, out).all());
    }

    private static Map<String, Double> run(Class<?> benchmark, int threads, List<String> options)
            throws IOException, InterruptedException {
        Path result = Files.createTempFile("jmh", ".json");
        List<String> arguments = new ArrayList<>(List.of(benchmark.getSimpleName(), "-foe", "true"));
        arguments.addAll(List.of("-rf", "json", "-rff", result.toString(), "-v", "SILENT"));
        arguments.addAll(options);
        new JavaProcess("org.openjdk.jmh.Main", arguments).threads(threads).run();
        return read(result.toFile());
    }

    private static Map<String, Double> read(File file) throws IOException {
        Map<String, Double> medians = new HashMap<>();
        for (JsonNode run : new ObjectMapper().readTree(file)) {
            JsonNode params = run.get("params");
            String benchmark = run.get("benchmark").asText();
            String what = params.has("optimizer")
                    ? params.get("optimizer").asText()
                    : benchmark.substring(benchmark.lastIndexOf('.') + 1)
                            + params.path("iterations").asText();
            double micros =
                    run.get("primaryMetric").get("scorePercentiles").get("50.0").asDouble();
            medians.put(params.get("problem").asText().toLowerCase(Locale.ROOT) + " " + what, micros / 1000);
        }
        return medians;
    }

    /**
     * The smaller of the medians of a case with one thread and with the default number.
     *
     * @throws IllegalStateException if the case was not timed
     */
    double best(String what) {
        double best = Math.min(time(single, what), time(all, what));
        if (best == Double.POSITIVE_INFINITY) {
            throw new IllegalStateException(
                    "JMH did not time \"" + what + "\"; it timed " + new TreeSet<>(all.keySet()));
        }
        return best;
    }

    /** Whether one thread is at least as good. */
    boolean isBestSingle(String what) {
        return time(single, what) <= time(all, what);
    }

    private static double time(Map<String, Double> times, String what) {
        return times.getOrDefault(what, Double.POSITIVE_INFINITY);
    }
}
