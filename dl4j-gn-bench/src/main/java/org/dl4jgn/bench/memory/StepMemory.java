package org.dl4jgn.bench.memory;

import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.bench.optimizer.EvenSteps;
import org.dl4jgn.bench.problem.SyntheticProblem;
import org.dl4jgn.bench.process.JavaProcess;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The largest amount of memory that a process takes in which a network makes a few steps, beyond what it took with the
 * network and its data before the first. Only where the system counts it.
 *
 * @param program a class whose {@code main} takes {@code memory step PROBLEM OPTIMIZER} and prints what {@link #here} gives
 */
public record StepMemory(String program) {

    private static final int STEPS = 4;

    /**
     * Bytes, in this process, which must have done nothing else before; empty where the system does not tell.
     *
     * @param problem a problem's name
     * @param optimizer as {@link EvenSteps} names it
     */
    public static OptionalLong here(String problem, String optimizer) throws IOException {
        SyntheticProblem data = SyntheticProblem.like(problem);
        EvenSteps steps = new EvenSteps(optimizer);
        DataSet batch = data.batches(1).get(0);
        MultiLayerNetwork net = data.network(steps.updater(), DataType.FLOAT);
        // what starting the backend takes is no part of a step
        net.output(batch.getFeatures().get(NDArrayIndex.interval(0, 1)));
        long before = ProcessMemory.resident();
        steps.attach(net);
        for (int i = 0; i < STEPS; i++) {
            net.fit(batch);
        }
        OptionalLong peak = ProcessMemory.peak();
        return peak.isPresent() ? OptionalLong.of(peak.getAsLong() - before) : peak;
    }

    /** Bytes, measured in a process of its own with the default number of threads; empty where the system does not tell. */
    public OptionalLong inProcessOfItsOwn(String problem, String optimizer) throws IOException, InterruptedException {
        if (ProcessMemory.peak().isEmpty()) {
            return OptionalLong.empty();
        }
        String printed = new JavaProcess(program, List.of("memory", "step", problem, optimizer))
                .threads(0)
                .read();
        String last = printed.strip().lines().reduce("", (a, b) -> b);
        return OptionalLong.of(Long.parseLong(last));
    }
}
