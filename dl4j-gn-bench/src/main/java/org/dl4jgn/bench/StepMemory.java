package org.dl4jgn.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.GaussNewton;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The largest amount of memory that a process takes in which a network makes a few steps, beyond what it took with the
 * network and its data before the first. On Linux, which counts it.
 */
public final class StepMemory {

    private static final int STEPS = 4;
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String UNITS = "kB";

    private StepMemory() {}

    /** Makes the steps and prints the bytes. */
    public static void main(String[] args) throws IOException {
        ImageProblem problem = ImageProblem.valueOf(args[0]);
        DataSet batch = problem.batch();
        MultiLayerNetwork net = problem.network(StepBenchmark.updater(args[1]));
        // what starting the backend takes is no part of a step
        net.output(batch.getFeatures().get(NDArrayIndex.interval(0, 1)));
        long before = status("VmRSS");
        if (!args[1].equals("sgd")) {
            GaussNewton.attach(net);
        }
        for (int i = 0; i < STEPS; i++) {
            net.fit(batch);
        }
        System.out.println(status("VmHWM") - before);
    }

    private static long status(String key) throws IOException {
        for (String line : Files.readAllLines(STATUS)) {
            if (line.startsWith(key + ":")) {
                String value =
                        line.substring(key.length() + 1).replace(UNITS, "").strip();
                return Long.parseLong(value) << 10;
            }
        }
        throw new IOException("No " + key + " in " + STATUS);
    }

    /** Bytes that steps of {@code optimizer} take in a process of their own, or −1 where that cannot be known. */
    static long measure(ImageProblem problem, String optimizer) throws IOException, InterruptedException {
        if (!Files.isReadable(STATUS)) {
            return -1;
        }
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), StepMemory.class.getName()));
        command.addAll(List.of(problem.name(), optimizer));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("A process that measures memory ended with exit code " + process.exitValue());
        }
        return Long.parseLong(printed.strip().lines().reduce("", (a, b) -> b));
    }
}
