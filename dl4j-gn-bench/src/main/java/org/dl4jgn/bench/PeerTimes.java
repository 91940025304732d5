package org.dl4jgn.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import picocli.CommandLine.Option;

/** The PyTorch yardstick, a script outside this project, as an option of a report: runs it and reads its medians. */
final class PeerTimes {

    private static final List<String> INTERPRETERS = List.of("python3", "/usr/bin/python3");

    @Option(
            names = "--peer",
            description = "The PyTorch yardstick's script (default: ${DEFAULT-VALUE}); left out if it is not there.",
            defaultValue = "../shared/peers/torch_gn.py")
    private Path script = Path.of("");

    @Option(
            names = "--peer-seconds",
            description = "Seconds for each of PyTorch's cases (default: ${DEFAULT-VALUE}).",
            defaultValue = "4")
    private double seconds;

    /**
     * Median milliseconds by problem and method, such as {@code boston sgn10}; none, with a sentence that says why, where
     * there is no yardstick.
     *
     * @param problems the yardstick's names of them, with commas between
     */
    Map<String, Double> measure(String problems) throws IOException, InterruptedException {
        Optional<String> python = interpreter();
        if (!Files.isRegularFile(script) || python.isEmpty()) {
            System.out.println("PyTorch is left out: "
                    + (python.isEmpty() ? "no python3 with the module torch" : "no script at " + script));
            return Map.of();
        }
        System.out.println("PyTorch ...");
        return measure(python.get(), problems);
    }

    /** An interpreter that has PyTorch. */
    private static Optional<String> interpreter() throws IOException, InterruptedException {
        for (String python : INTERPRETERS) {
            try {
                Process process = new ProcessBuilder(python, "-c", "import torch")
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
                if (process.waitFor() == 0) {
                    return Optional.of(python);
                }
            } catch (IOException e) {
                // no such interpreter: try the next
                continue;
            }
        }
        return Optional.empty();
    }

    private Map<String, Double> measure(String python, String problems) throws IOException, InterruptedException {
        Path out = Files.createTempDirectory("peer");
        Process process = new ProcessBuilder(
                        python,
                        script.toAbsolutePath().toString(),
                        "--only",
                        problems,
                        "--budget",
                        String.valueOf(seconds),
                        "--out",
                        out.toString())
                .inheritIO()
                .start();
        if (process.waitFor() != 0) {
            throw new IOException("The PyTorch yardstick ended with exit code " + process.exitValue());
        }
        return read(out.resolve("torch.json").toFile());
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
