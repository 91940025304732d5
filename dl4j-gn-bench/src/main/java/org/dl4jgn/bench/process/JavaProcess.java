package org.dl4jgn.bench.process;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A Java program in a process of its own, with the class path and the JVM options of this one: for what has to be measured
 * from its start, or with another number of threads.
 */
public final class JavaProcess {

    /** What ND4J, OpenBLAS and PyTorch read their number of threads from. */
    public static final String THREADS = "OMP_NUM_THREADS";

    private final String program;
    private final ProcessBuilder builder;

    /**
     * A program that is yet to be started.
     *
     * @param program its class
     * @param arguments of the program
     */
    public JavaProcess(String program, List<String> arguments) {
        this.program = program;
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), program));
        command.addAll(arguments);
        builder = new ProcessBuilder(command);
    }

    /** With so many threads for native code; 0 for the system's default. Without this call, as many as here. */
    public JavaProcess threads(int threads) {
        if (threads > 0) {
            builder.environment().put(THREADS, String.valueOf(threads));
        } else {
            builder.environment().remove(THREADS);
        }
        return this;
    }

    /**
     * Runs it to its end; what it prints goes where this program's output goes.
     *
     * @throws IOException if it cannot be started or does not end with exit code 0
     */
    public void run() throws IOException, InterruptedException {
        check(builder.inheritIO().start().waitFor());
    }

    /**
     * Runs it to its end and returns what it printed.
     *
     * @throws IOException if it cannot be started or does not end with exit code 0
     */
    public String read() throws IOException, InterruptedException {
        Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        check(process.waitFor());
        return printed;
    }

    /** Starts it, for whoever reads from it or ends it. */
    public Process start() throws IOException {
        return builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    private void check(int exit) throws IOException {
        if (exit != 0) {
            throw new IOException(program + " ended with exit code " + exit + "; it says above why.");
        }
    }
}
