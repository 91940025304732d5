package org.dl4jgn.bench;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.conf.Damping;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.curvature.NetworkProblem;
import org.dl4jgn.plan.Program;
import org.dl4jgn.plan.Stage;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * One training step through {@code net.fit(DataSet)}: DL4J's own Sgd and SGN, the same network, data and call.
 *
 * <p>SGN runs with line search, a fixed number of CG iterations and constant damping, so that every step does the same
 * work. The median over steps is the figure to compare: PyTorch's yardstick reports medians too.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class StepBenchmark {

    @Param({"BOSTON", "SINE", "MNIST"})
    public PaperProblem problem;

    /** What takes the step. */
    @Param({"sgd", "sgn3", "sgn10"})
    public String optimizer;

    private MultiLayerNetwork net;
    private List<DataSet> batches;
    private int next;

    /** A fresh network for each iteration, so that all iterations see the same kind of parameters. */
    @Setup(Level.Iteration)
    public void setUp() {
        batches = problem.batches();
        net = problem.network(updater(optimizer));
        if (!optimizer.equals("sgd")) {
            GaussNewton.attach(net);
        }
        for (int i = 0; i < 20; i++) {
            net.fit(batches.get(i % batches.size()));
        }
    }

    static IUpdater updater(String optimizer) {
        return optimizer.equals("sgd") ? new Sgd(1e-3) : sgn(Integer.parseInt(optimizer.substring(3)));
    }

    private static Sgn sgn(int iterations) {
        return Sgn.builder()
                .cgIterations(iterations)
                .warmup(0, 1)
                .residualTolerance(0)
                .damping(Damping.constant(1e-3))
                .build();
    }

    /** One step. */
    @Benchmark
    public int step() {
        net.fit(batches.get(next++ % batches.size()));
        return net.getIterationCount();
    }

    /** The matrix products of an SGN step and nothing else: the prepared calls of the step itself, back to back. */
    @State(Scope.Thread)
    public static class Products {

        @Param({"BOSTON", "SINE", "MNIST"})
        public PaperProblem problem;

        @Param({"3", "10"})
        public int iterations;

        private Program forward;
        private Program jvp;
        private Program vjp;

        /** Keeps the plan's buffers alive. */
        private NetworkProblem network;

        @Setup
        public void setUp() {
            DataSet batch = problem.batches().get(0);
            network = new NetworkProblem(problem.network(new Sgd(1e-3)));
            network.setBatch(batch.getFeatures(), batch.getLabels(), null);
            network.readParameters();
            network.evaluate();
            network.linearize();
            network.tangent().assign(network.gradient());
            forward = network.executionPlan().program(Stage.FORWARD).only("matmul");
            jvp = network.executionPlan().program(Stage.JVP).only("matmul");
            vjp = network.executionPlan().program(Stage.VJP).only("matmul");
        }

        void run() {
            forward.run();
            vjp.run();
            for (int i = 0; i < iterations; i++) {
                jvp.run();
                vjp.run();
            }
            forward.run();
        }
    }

    /** Forward pass, gradient, k products with the Gauss-Newton matrix, one trial: matrix products only. */
    @Benchmark
    public NetworkProblem products(Products products) {
        products.run();
        return products.network;
    }
}
