package org.dl4jgn.bench.speed;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.bench.optimizer.EvenSteps;
import org.dl4jgn.bench.problem.SyntheticProblem;
import org.dl4jgn.bench.problem.Task;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One EGN step through {@code net.fit(DataSet)}, beside an SGN step of three CG iterations: the same network, data and call.
 *
 * <p>The optimizers take {@link EvenSteps}. The median over steps is the figure to compare.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class EgnBenchmark {

    /** Networks of different shape, with random data. */
    @SuppressWarnings("ImmutableEnumChecker") // of a record whose parts do not change
    public enum Case {
        /** 13-100-100-1, batch 101, MSE. */
        BOSTON(SyntheticProblem.like("boston")),
        /** 81-256-256-256-1, batch 128, MSE. */
        SUPERCONDUCT(SyntheticProblem.dense(128, Task.REGRESSION, Activation.RELU, 81, 256, 256, 256, 1)),
        /** 784-20-20-20-10, batch 128, softmax cross-entropy. */
        MNIST128(SyntheticProblem.like("mnist").withBatch(128)),
        /** 784-800-400-10, 952,410 parameters, batch 64, softmax cross-entropy. */
        MLP1M(SyntheticProblem.ofAMillionParameters());

        private final SyntheticProblem data;

        Case(SyntheticProblem data) {
            this.data = data;
        }
    }

    @Param({"BOSTON", "SUPERCONDUCT", "MNIST128", "MLP1M"})
    public Case problem;

    /** What takes the step. */
    @Param({"egn", "plain", "sgn3"})
    public String optimizer;

    private MultiLayerNetwork net;
    private List<DataSet> batches;
    private int next;

    /** A fresh network for each iteration, so that all iterations see the same kind of parameters. */
    @Setup(Level.Iteration)
    public void setUp() {
        EvenSteps steps = new EvenSteps(optimizer);
        batches = problem.data.batches(StepBenchmark.BATCHES);
        net = steps.attach(problem.data.network(steps.updater(), DataType.FLOAT));
        for (int i = 0; i < 5; i++) {
            net.fit(batches.get(i % batches.size()));
        }
    }

    /** One step. */
    @Benchmark
    public int step() {
        net.fit(batches.get(next++ % batches.size()));
        return net.getIterationCount();
    }
}
