package org.dl4jgn.bench.speed;

import java.util.concurrent.TimeUnit;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.bench.optimizer.EvenSteps;
import org.dl4jgn.bench.problem.SyntheticProblem;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.IUpdater;
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
 * Steps on the paper's convolutional networks, batch 1000: {@code fit} with DL4J's own Sgd and with SGN, and, within a
 * step, the gradient and one product with the Gauss-Newton matrix.
 *
 * <pre>mvn -q -Pbench compile -Dbench.main=org.openjdk.jmh.Main -Dbench.args="ImageBenchmark"</pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 4)
@Measurement(iterations = 3, time = 4)
@Fork(1)
public class ImageBenchmark {

    @Param({"fashion", "cifar"})
    public String problem;

    private MultiLayerNetwork network(IUpdater updater) {
        return SyntheticProblem.like(problem).network(updater, DataType.FLOAT);
    }

    private DataSet batch() {
        return SyntheticProblem.like(problem).batches(1).get(0);
    }

    /** One step by an optimizer. */
    @State(Scope.Thread)
    public static class Step {

        @Param({"sgd", "sgn2", "sgn3", "sgn5", "sgn10"})
        public String optimizer;

        private MultiLayerNetwork net;
        private DataSet batch;

        /** A fresh network for each iteration, so that all iterations see the same kind of parameters. */
        @Setup(Level.Iteration)
        public void setUp(ImageBenchmark benchmark) {
            EvenSteps steps = new EvenSteps(optimizer);
            batch = benchmark.batch();
            net = steps.attach(benchmark.network(steps.updater()));
            net.fit(batch);
        }
    }

    /** The parts of a step. */
    @State(Scope.Thread)
    public static class Parts {

        private StepParts step;

        @Setup
        public void setUp(ImageBenchmark benchmark) {
            step = new StepParts(benchmark.network(new Sgd(1e-3)), benchmark.batch());
        }

        @TearDown
        public void tearDown() {
            step.close();
        }
    }

    /** DL4J's own gradient. */
    @State(Scope.Thread)
    public static class Dl4j {

        private MultiLayerNetwork net;

        @Setup
        public void setUp(ImageBenchmark benchmark) {
            DataSet batch = benchmark.batch();
            net = benchmark.network(new Sgd(1e-3));
            net.setInput(batch.getFeatures());
            net.setLabels(batch.getLabels());
        }
    }

    /** One training step. */
    @Benchmark
    public int step(Step step) {
        step.net.fit(step.batch);
        return step.net.getIterationCount();
    }

    /** Loss and gradient by DL4J. */
    @Benchmark
    public double dl4jGradient(Dl4j dl4j) {
        dl4j.net.computeGradientAndScore();
        return dl4j.net.score();
    }

    /** Loss and gradient by the plan. */
    @Benchmark
    public INDArray gradient(Parts parts) {
        return parts.step.gradient();
    }

    /** One iteration of conjugate gradients, but for its vectors. */
    @Benchmark
    public INDArray product(Parts parts) {
        return parts.step.product();
    }
}
