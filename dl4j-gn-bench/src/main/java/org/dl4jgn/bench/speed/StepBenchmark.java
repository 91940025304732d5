package org.dl4jgn.bench.speed;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.bench.optimizer.EvenSteps;
import org.dl4jgn.bench.problem.SyntheticProblem;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Sgd;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One training step through {@code net.fit(DataSet)}: DL4J's own Sgd and SGN, the same network, data and call.
 *
 * <p>The optimizers take {@link EvenSteps}: every step does the same work. The median over steps is the figure to compare: PyTorch's yardstick reports medians too.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class StepBenchmark {

    /**
     * Batches to cycle through. One batch for all steps would be learned by heart, and activations that underflow to
     * denormal numbers are up to a hundred times slower.
     */
    static final int BATCHES = 16;

    @Param({"boston", "sine", "mnist"})
    public String problem;

    private SyntheticProblem data() {
        return SyntheticProblem.like(problem);
    }

    /** One step by an optimizer; apart from the class, so that matrix products are not timed once for each optimizer. */
    @State(Scope.Thread)
    public static class Step {

        /** What takes the step. */
        @Param({"sgd", "sgn3", "sgn10"})
        public String optimizer;

        private MultiLayerNetwork net;
        private List<DataSet> batches;
        private int next;

        /** A fresh network for each iteration, so that all iterations see the same kind of parameters. */
        @Setup(Level.Iteration)
        public void setUp(StepBenchmark benchmark) {
            EvenSteps steps = new EvenSteps(optimizer);
            batches = benchmark.data().batches(BATCHES);
            net = steps.attach(benchmark.data().network(steps.updater(), DataType.FLOAT));
            for (int i = 0; i < 20; i++) {
                fit();
            }
        }

        private void fit() {
            net.fit(batches.get(next++ % batches.size()));
        }
    }

    /** The matrix products of an SGN step and nothing else. */
    @State(Scope.Thread)
    public static class Products {

        @Param({"3", "10"})
        public int iterations;

        private StepParts parts;

        @Setup
        public void setUp(StepBenchmark benchmark) {
            parts = new StepParts(
                    benchmark.data().network(new Sgd(1e-3), DataType.FLOAT),
                    benchmark.data().batches(1).get(0));
        }

        @TearDown
        public void tearDown() {
            parts.close();
        }
    }

    /** One step. */
    @Benchmark
    public int step(Step step) {
        step.fit();
        return step.net.getIterationCount();
    }

    /** Forward pass, gradient, k products with the Gauss-Newton matrix, one trial: matrix products only. */
    @Benchmark
    public Products products(Products products) {
        products.parts.matrixProducts(products.iterations);
        return products;
    }
}
