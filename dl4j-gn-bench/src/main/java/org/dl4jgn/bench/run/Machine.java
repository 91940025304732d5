package org.dl4jgn.bench.run;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.bench.problem.StepClock;
import org.dl4jgn.linalg.OpenBlas;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * What a run ran on.
 *
 * @param os operating system
 * @param cpu model of the processor, as far as the system tells
 * @param cores that the JVM sees
 * @param memoryGb of the machine
 * @param java version
 * @param dl4j version
 * @param backend of ND4J
 * @param threads of ND4J
 * @param blas vendor, and the processor whose kernels it uses
 */
public record Machine(
        String os,
        String cpu,
        int cores,
        long memoryGb,
        String java,
        String dl4j,
        String backend,
        int threads,
        String blas) {

    /** This one. */
    public static Machine here() {
        return new Machine(
                System.getProperty("os.name") + " " + System.getProperty("os.arch"),
                processor() + (StepClock.isProcessorTime() ? "; times are processor times" : ""),
                Runtime.getRuntime().availableProcessors(),
                memory() >> 30,
                System.getProperty("java.vm.name") + " " + System.getProperty("java.version"),
                Optional.ofNullable(MultiLayerNetwork.class.getPackage().getImplementationVersion())
                        .orElse("1.0.0-M2.1"),
                Nd4j.getBackend().getClass().getSimpleName(),
                NativeOpsHolder.getInstance().getDeviceNativeOps().ompGetMaxThreads(),
                Nd4j.getExecutioner().getEnvironmentInformation().getProperty("blas.vendor")
                        + OpenBlas.core().map(core -> " for " + core).orElse(""));
    }

    private static long memory() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean bean
                ? bean.getTotalMemorySize()
                : 0;
    }

    /** Linux tells in a file; elsewhere the architecture has to do. */
    private static String processor() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException e) {
            return System.getProperty("os.arch");
        }
    }
}
