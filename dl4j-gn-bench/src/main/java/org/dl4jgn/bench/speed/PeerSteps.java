package org.dl4jgn.bench.speed;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import java.util.Optional;
import org.dl4jgn.bench.process.JavaProcess;
import org.dl4jgn.bench.process.Python;

/**
 * A yardstick in PyTorch that takes a step whenever it is asked for one, so that its steps and ours take turns: a script beside the
 * classes, which reads lines and writes milliseconds.
 */
final class PeerSteps implements AutoCloseable {

    private final Path script;
    private final Process process;
    private final PrintWriter ask;
    private final BufferedReader answers;

    private PeerSteps(String python, String name) throws IOException {
        script = Files.createTempFile("yardstick", ".py");
        try (InputStream resource =
                Objects.requireNonNull(PeerSteps.class.getResourceAsStream(name), () -> "no resource " + name)) {
            Files.copy(resource, script, StandardCopyOption.REPLACE_EXISTING);
        }
        ProcessBuilder builder =
                new ProcessBuilder(python, script.toString()).redirectError(ProcessBuilder.Redirect.INHERIT);
        // its OpenBLAS does not know how many threads PyTorch was told
        builder.environment().put(JavaProcess.THREADS, "1");
        process = builder.start();
        ask = new PrintWriter(process.outputWriter(), true);
        answers = process.inputReader();
    }

    /**
     * Starts a script; none, with a sentence that says why, where there is no PyTorch.
     *
     * @param name of the script, a resource beside this class
     */
    static Optional<PeerSteps> start(String name, PrintWriter out) throws IOException, InterruptedException {
        Optional<String> python = Python.with("torch");
        if (python.isEmpty()) {
            out.println(PeerTimes.WITHOUT_TORCH);
            return Optional.empty();
        }
        PeerSteps peer = new PeerSteps(python.get(), name);
        out.println(peer.answer());
        return Optional.of(peer);
    }

    /** Milliseconds of one step more. */
    double step() throws IOException {
        ask.println();
        return Double.parseDouble(answer());
    }

    private String answer() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new IOException("PyTorch's yardstick has ended; it says above why");
        }
        return line;
    }

    @Override
    public void close() throws IOException {
        ask.close();
        process.destroy();
        Files.deleteIfExists(script);
    }
}
