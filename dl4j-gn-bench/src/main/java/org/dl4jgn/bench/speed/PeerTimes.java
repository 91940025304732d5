package org.dl4jgn.bench.speed;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.dl4jgn.bench.process.JavaProcess;
import org.dl4jgn.bench.process.Python;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/**
 * The PyTorch yardstick, a script outside this project: runs it and reads its medians.
 *
 * @param script of the yardstick
 * @param seconds for each of its cases
 */
public record PeerTimes(Path script, double seconds) {

    private static final String LEFT_OUT = "PyTorch is left out: ";

    /** Said where no interpreter has it. */
    static final String WITHOUT_TORCH = LEFT_OUT + "no python3 with the module torch";

    /**
     * Checks the time.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public PeerTimes {
        if (!(seconds > 0)) {
            throw new IllegalArgumentException(
                    "The seconds for each of PyTorch's cases are " + seconds + ", but must be more than 0");
        }
    }

    /**
     * Median milliseconds by problem and method, such as {@code boston sgn10}; none, with a sentence that says why, where
     * there is no yardstick.
     *
     * @param problems the yardstick's names of them, with commas between
     */
    Map<String, Double> measure(String problems, PrintWriter out) throws IOException, InterruptedException {
        Optional<String> python = Python.with("torch");
        boolean isThere = Files.isRegularFile(script) && python.isPresent();
        out.println(isThere ? "PyTorch ..." : python.isEmpty() ? WITHOUT_TORCH : LEFT_OUT + "no script at " + script);
        out.flush();
        return isThere ? measure(python.get(), problems) : Map.of();
    }

    private Map<String, Double> measure(String python, String problems) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("peer");
        ProcessBuilder builder = new ProcessBuilder(
                        python,
                        script.toAbsolutePath().toString(),
                        "--only",
                        problems,
                        "--budget",
                        String.valueOf(seconds),
                        "--out",
                        folder.toString())
                .inheritIO();
        // the script sets its own number of threads
        builder.environment().remove(JavaProcess.THREADS);
        int exit = builder.start().waitFor();
        if (exit != 0) {
            throw new IOException("The PyTorch yardstick " + script + " ended with exit code " + exit);
        }
        return read(folder.resolve("torch.json").toFile());
    }

    private static Map<String, Double> read(File file) throws IOException {
        Map<String, Double> medians = new HashMap<>();
        for (JsonNode row : new ObjectMapper().readTree(file).get("rows")) {
            if (row.has("median_ms") && !row.get("method").asText().contains("variant")) {
                String method = row.has("k")
                        ? "sgn" + row.get("k").asInt()
                        : row.get("method").asText();
                String problem = row.get("problem").asText().toLowerCase(Locale.ROOT);
                medians.put(problem + " " + method, row.get("median_ms").asDouble());
            }
        }
        return medians;
    }
}
