package org.dl4jgn.bench;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** Runs a benchmark in a process of its own, with a given number of threads, and reads its medians. */
final class JmhTimes {

    private JmhTimes() {}

    /**
     * Median milliseconds by problem and what was timed, such as {@code boston sgn10} or {@code boston products10}: the
     * optimizer, or the method's name with its number of iterations.
     *
     * @param benchmark the class, with parameters {@code problem} and {@code optimizer} or {@code iterations}
     * @param threads what OMP_NUM_THREADS says; 0 leaves it unset
     * @param extra further arguments of JMH
     */
    static Map<String, Double> measure(String benchmark, int threads, List<String> extra)
            throws IOException, InterruptedException {
        Path result = Files.createTempFile("jmh", ".json");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "org.openjdk.jmh.Main"));
        command.addAll(List.of(benchmark, "-rf", "json", "-rff", result.toString(), "-v", "SILENT"));
        command.addAll(extra);
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        if (threads > 0) {
            builder.environment().put("OMP_NUM_THREADS", String.valueOf(threads));
        } else {
            builder.environment().remove("OMP_NUM_THREADS");
        }
        int exit = builder.start().waitFor();
        if (exit != 0) {
            throw new IOException("JMH ended with exit code " + exit);
        }
        return read(result.toFile());
    }

    /** The smaller of two medians of a case, where it was timed with two numbers of threads. */
    static double best(Map<String, Double> single, Map<String, Double> all, String what) {
        return Math.min(
                single.getOrDefault(what, Double.POSITIVE_INFINITY), all.getOrDefault(what, Double.POSITIVE_INFINITY));
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
}
