package org.dl4jgn.bench.speed;

import java.util.ArrayList;
import java.util.List;
import org.apache.commons.math3.stat.descriptive.rank.Median;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.bench.optimizer.EvenSteps;
import org.dl4jgn.bench.problem.SyntheticProblem;
import org.dl4jgn.bench.problem.Task;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Time and memory of an EGN step as the batch and as the network grow, beside what the explicit method cannot do without:
 * b·c·d numbers for the Jacobian, and (b·c)²·d multiplications for its product with itself, at the rate that this machine
 * reaches with large products.
 */
final class EgnScaling {

    private static final int CLASSES = 8;
    private static final int LAYERS = 3;
    private static final double SECONDS = 3;
    private static final int LEAST_STEPS = 5;

    private EgnScaling() {}

    /**
     * One size.
     *
     * @param rows b·c
     * @param parameters d
     * @param stepMillis median of a whole step
     * @param systemBytes what the linear system takes
     * @param explicitMillis JJᵀ alone, of an explicit J, at the rate of large products
     * @param explicitBytes J alone, float32
     */
    record Point(
            long rows,
            long parameters,
            double stepMillis,
            double systemBytes,
            double explicitMillis,
            double explicitBytes) {}

    /** 784-100-8, b·c from 128 to 4096. */
    static List<Point> byRows() {
        List<Point> points = new ArrayList<>();
        double rate = multiplicationsAMilli();
        for (int batch = 16; batch <= 512; batch *= 2) {
            points.add(measure(batch, rate, 784, 100, CLASSES));
        }
        return points;
    }

    /** Three layers of equal width, b·c = 512, d from 10⁴ to 10⁷. */
    static List<Point> byParameters() {
        List<Point> points = new ArrayList<>();
        double rate = multiplicationsAMilli();
        for (double d = 1e4; d < 2e7; d *= Math.sqrt(10)) {
            int width = (int) Math.round(Math.sqrt(d / LAYERS));
            points.add(measure(64, rate, width, width, width, width, CLASSES));
        }
        return points;
    }

    private static double multiplicationsAMilli() {
        int n = 1024;
        INDArray a = Nd4j.rand(DataType.FLOAT, n, n);
        INDArray result = Nd4j.create(DataType.FLOAT, n, n);
        // a prepared product: that of an array's own method copies its result into another order first
        double millis = median(PreparedCall.matmul(a, false, a, true, result), 1.0);
        return Math.pow(n, 3) / millis;
    }

    private static Point measure(int batch, double rate, int... sizes) {
        SyntheticProblem problem = SyntheticProblem.dense(batch, Task.CLASSES, Activation.TANH, sizes);
        EvenSteps steps = new EvenSteps("egn");
        MultiLayerNetwork net = steps.attach(problem.network(steps.updater(), DataType.FLOAT));
        List<DataSet> batches = problem.batches(StepBenchmark.BATCHES);
        long rows = (long) batch * CLASSES;
        double d = net.numParams();
        double bytes;
        try (StepParts parts = new StepParts(net, batches.get(0))) {
            bytes = parts.gramBytes();
        }
        int[] next = {0};
        double millis = median(() -> net.fit(batches.get(next[0]++ % batches.size())), SECONDS);
        return new Point(rows, net.numParams(), millis, bytes, rows * (double) rows * d / rate, 4.0 * rows * d);
    }

    /** Median milliseconds, after two runs that do not count. */
    private static double median(Runnable work, double seconds) {
        work.run();
        work.run();
        List<Double> millis = new ArrayList<>();
        long end = System.nanoTime() + (long) (seconds * 1e9);
        while (System.nanoTime() < end || millis.size() < LEAST_STEPS) {
            long start = System.nanoTime();
            work.run();
            millis.add((System.nanoTime() - start) / 1e6);
        }
        return new Median()
                .evaluate(millis.stream().mapToDouble(Double::doubleValue).toArray());
    }
}
