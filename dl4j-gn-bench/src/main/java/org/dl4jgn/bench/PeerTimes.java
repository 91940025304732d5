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

/** Runs the PyTorch yardstick, a script outside this project, and reads its medians. */
final class PeerTimes {

    private static final List<String> INTERPRETERS = List.of("python3", "/usr/bin/python3");

    private PeerTimes() {}

    /** The script, where the caller says it is or beside this project. */
    static Optional<Path> script(Path given) {
        return Files.isRegularFile(given) ? Optional.of(given) : Optional.empty();
    }

    /** An interpreter that has PyTorch. */
    static Optional<String> interpreter() throws IOException, InterruptedException {
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

    /**
     * Median milliseconds by problem and method, such as {@code boston sgn10}.
     *
     * @param problems the yardstick's names of them, with commas between
     */
    static Map<String, Double> measure(String python, Path script, String problems, double seconds)
            throws IOException, InterruptedException {
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
