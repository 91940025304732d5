package org.dl4jgn.bench;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.conf.Damping;
import org.dl4jgn.conf.Egn;
import org.dl4jgn.conf.LineSearch;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.IUpdater;
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
 * <p>{@code egn} has constant damping λ = 1, no momentum, and Armijo's line search from the learning rate: the work of a step
 * does not change but for the trials. {@code plain} is the work of an explicit-Jacobian yardstick and nothing else: λ = 0.01,
 * steps of 0.1 of the direction, no search. The median over steps is the figure to compare.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class EgnBenchmark {

    /** Networks of different shape, with random data. */
    public enum Problem {
        /** 13-100-100-1, batch 101, MSE. */
        BOSTON(101, false, Activation.SIGMOID, 13, 100, 100, 1),
        /** 81-256-256-256-1, batch 128, MSE. */
        SUPERCONDUCT(128, false, Activation.RELU, 81, 256, 256, 256, 1),
        /** 784-20-20-20-10, batch 128, softmax cross-entropy. */
        MNIST128(128, true, Activation.SIGMOID, 784, 20, 20, 20, 10),
        /** 784-800-400-10, 952,410 parameters, batch 64, softmax cross-entropy. */
        MLP1M(64, true, Activation.RELU, 784, 800, 400, 10);

        private final RandomProblem problem;

        Problem(int batch, boolean classes, Activation activation, int... sizes) {
            problem = new RandomProblem(batch, classes, activation, sizes);
        }

        MultiLayerNetwork network(IUpdater updater) {
            return GaussNewton.attach(problem.network(updater, DataType.FLOAT));
        }

        List<DataSet> batches() {
            return problem.batches();
        }
    }

    @Param({"BOSTON", "SUPERCONDUCT", "MNIST128", "MLP1M"})
    public Problem problem;

    /** What takes the step. */
    @Param({"egn", "plain", "sgn3"})
    public String optimizer;

    private MultiLayerNetwork net;
    private List<DataSet> batches;
    private int next;

    /** A fresh network for each iteration, so that all iterations see the same kind of parameters. */
    @Setup(Level.Iteration)
    public void setUp() {
        batches = problem.batches();
        net = problem.network(updater());
        for (int i = 0; i < 5; i++) {
            net.fit(batches.get(i % batches.size()));
        }
    }

    private IUpdater updater() {
        return switch (optimizer) {
            case "egn" ->
                Egn.builder().damping(Damping.constant(1.0)).momentum(0).build();
            case "plain" ->
                Egn.builder()
                        .damping(Damping.constant(0.01))
                        .lineSearch(LineSearch.none())
                        .learningRate(0.1)
                        .build();
            default -> StepBenchmark.updater(optimizer);
        };
    }

    /** One step. */
    @Benchmark
    public int step() {
        net.fit(batches.get(next++ % batches.size()));
        return net.getIterationCount();
    }
}
