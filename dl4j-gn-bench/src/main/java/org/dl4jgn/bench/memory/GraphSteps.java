package org.dl4jgn.bench.memory;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.bench.optimizer.EvenSteps;
import org.dl4jgn.bench.problem.ResidualArchitecture;
import org.dl4jgn.bench.problem.SyntheticProblem;
import org.dl4jgn.bench.process.JavaProcess;
import org.dl4jgn.conf.GaussNewtonUpdater;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Steps of a residual network on random images: their time, and the most memory that the process took beyond what it took with
 * network and data.
 *
 * @param milliseconds the median of all steps but the first
 * @param processorMilliseconds the same of the processor time of the thread that trains; with one thread for native code, the time of a step
 *     on a machine that does nothing else
 * @param megabytes empty where the system does not count it
 */
public record GraphSteps(double milliseconds, double processorMilliseconds, OptionalLong megabytes) {

    /**
     * Measures, in this process, which must have done nothing else before.
     *
     * @param optimizer as {@link EvenSteps} names it
     * @param steps at least two
     */
    public static GraphSteps here(String optimizer, int batch, int steps) throws IOException {
        EvenSteps even = new EvenSteps(optimizer);
        SyntheticProblem resnet = SyntheticProblem.like("resnet20").withBatch(batch);
        ComputationGraph net = ResidualArchitecture.RESNET_20.network(
                new NeuralNetConfiguration.Builder().seed(1).updater(even.updater()),
                resnet.shape().inputs(),
                resnet.shape().outputs(),
                resnet.shape().task());
        DataSet data = resnet.batches(1).get(0);
        // what starting the backend takes is no part of a step
        net.output(data.getFeatures().get(NDArrayIndex.interval(0, 1)));
        long before = ProcessMemory.resident();
        if (even.updater() instanceof GaussNewtonUpdater) {
            GaussNewton.attach(net);
        }
        ThreadMXBean clock = ManagementFactory.getThreadMXBean();
        double[] times = new double[steps];
        double[] processor = new double[steps];
        for (int i = 0; i < steps; i++) {
            long start = System.nanoTime();
            long processorStart = clock.getCurrentThreadCpuTime();
            net.fit(data);
            processor[i] = (clock.getCurrentThreadCpuTime() - processorStart) / 1e6;
            times[i] = (System.nanoTime() - start) / 1e6;
        }
        OptionalLong peak = ProcessMemory.peak();
        return new GraphSteps(
                medianOfWarm(times),
                medianOfWarm(processor),
                peak.isPresent() ? OptionalLong.of(peak.getAsLong() - before >> 20) : OptionalLong.empty());
    }

    private static double medianOfWarm(double[] times) {
        double[] warm = Arrays.copyOfRange(times, 1, times.length);
        Arrays.sort(warm);
        return warm[warm.length / 2];
    }

    /**
     * Lets a process of its own measure and print.
     *
     * @param program a class whose {@code main} takes {@code graph-speed --here} with the other options
     */
    public static void runApart(String program, String optimizer, int batch, int steps)
            throws IOException, InterruptedException {
        new JavaProcess(
                        program,
                        List.of(
                                "graph-speed",
                                "--here",
                                "--optimizers",
                                optimizer,
                                "--batch",
                                String.valueOf(batch),
                                "--steps",
                                String.valueOf(steps)))
                .run();
    }
}
