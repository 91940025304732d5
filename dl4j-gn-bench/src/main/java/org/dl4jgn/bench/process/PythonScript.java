package org.dl4jgn.bench.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/**
 * A Python script beside our classes, in a process of its own and on one thread, that answers lines with lines. What it says of
 * errors goes where ours goes.
 */
public final class PythonScript implements AutoCloseable {

    private final String name;
    private final Process process;
    private final PrintWriter ask;
    private final BufferedReader answers;

    /**
     * Starts it.
     *
     * @param python the interpreter, see {@link Python#with}
     * @param beside a class with which the script is
     * @param name of the script
     * @throws IOException if there is no such script, or it cannot be started
     */
    public PythonScript(String python, Class<?> beside, String name) throws IOException {
        this.name = name;
        ProcessBuilder builder =
                new ProcessBuilder(python, "-c", read(beside, name)).redirectError(ProcessBuilder.Redirect.INHERIT);
        // PyTorch's OpenBLAS does not know how many threads PyTorch was told
        builder.environment().put(JavaProcess.THREADS, "1");
        process = builder.start();
        ask = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true);
        answers = process.inputReader(StandardCharsets.UTF_8);
    }

    private static String read(Class<?> beside, String name) throws IOException {
        try (InputStream in = beside.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("There is no resource " + name + " beside " + beside.getName());
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Says a line. */
    public void say(String line) {
        ask.println(line);
    }

    /**
     * Waits for a line.
     *
     * @throws IOException if the script has ended
     */
    public String hear() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new IOException(name + " has ended; it says above why");
        }
        return line;
    }

    @Override
    public void close() {
        ask.close();
        process.destroy();
    }
}
