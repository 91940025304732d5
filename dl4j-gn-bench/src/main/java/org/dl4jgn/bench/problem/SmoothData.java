package org.dl4jgn.bench.problem;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.deeplearning4j.nn.weights.WeightInit;
import org.dl4jgn.bench.data.DataFolders;
import org.dl4jgn.bench.data.Examples;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Smooth functions without noise, which small networks of tanh in double can fit to many digits: no files are needed, and the
 * data are the same for all runs.
 */
final class SmoothData {

    private static final String ORIGIN = "function fitting";
    private static final int BATCH = 100;
    private static final int TEST = 1000;

    private SmoothData() {}

    static List<Problem> problems() {
        return List.of(
                problem("sinc", "sin(10 x)/(10 x), 2000 + 1000 points", SmoothData::sinc, 1, 20),
                problem(
                        "franke",
                        "Franke's function on the unit square, 1000 + 1000 points",
                        SmoothData::franke,
                        2,
                        20,
                        20),
                problem(
                        "friedman",
                        "Friedman's first function on the unit cube of 5 dimensions, 1000 + 1000 points",
                        SmoothData::friedman,
                        5,
                        20,
                        20),
                problem(
                        "trimer",
                        "energy of three Lennard-Jones atoms by their distances, 1000 + 1000 points",
                        SmoothData::trimer,
                        3,
                        20,
                        20),
                problem(
                        "narx",
                        "the second-order system of Narendra and Parthasarathy by its last outputs and input, 1000 + 1000"
                                + " steps",
                        SmoothData::narx,
                        3,
                        20,
                        10));
    }

    private static Problem problem(String name, String about, LoadedData.Loader loader, int inputs, Integer... hidden) {
        return new SupervisedProblem(
                name,
                about,
                ORIGIN,
                loader,
                new Shape(inputs, 1, Task.REGRESSION),
                new Architecture.Dense(List.of(hidden), Activation.TANH, WeightInit.XAVIER),
                Start.SEEDED,
                new Problem.Defaults(DataType.DOUBLE, BATCH, 200, 10));
    }

    private static LoadedData data(Examples examples) {
        return LoadedData.of(examples, Task.REGRESSION, 1, List.of());
    }

    private static INDArray labels(INDArray points, ToDoubleFunction<double[]> function) {
        INDArray labels = Nd4j.create(DataType.DOUBLE, points.rows(), 1);
        double[][] rows = points.toDoubleMatrix();
        for (int i = 0; i < rows.length; i++) {
            labels.putScalar(i, function.applyAsDouble(rows[i]));
        }
        return labels;
    }

    private static INDArray cube(int count, int dimensions, double low, double high, long seed) {
        Random random = new Random(seed);
        double[][] points = new double[count][dimensions];
        for (double[] point : points) {
            for (int i = 0; i < dimensions; i++) {
                point[i] = low + (high - low) * random.nextDouble();
            }
        }
        return Nd4j.createFromArray(points);
    }

    private static LoadedData onCube(int dimensions, double low, double high, ToDoubleFunction<double[]> function) {
        INDArray train = cube(1000, dimensions, low, high, 1);
        INDArray test = cube(TEST, dimensions, low, high, 2);
        return data(new Examples(train, labels(train, function), test, labels(test, function)));
    }

    /** As the author of tf-levenberg-marquardt has it: x evenly in [−1, 1]. */
    private static LoadedData sinc(DataFolders folders) {
        ToDoubleFunction<double[]> sinc = x -> x[0] == 0 ? 1 : Math.sin(10 * x[0]) / (10 * x[0]);
        INDArray train = Nd4j.linspace(DataType.DOUBLE, -1, 2.0 / 1999, 2000).reshape(2000, 1);
        INDArray test = cube(TEST, 1, -1, 1, 2);
        return data(new Examples(train, labels(train, sinc), test, labels(test, sinc)));
    }

    /** R. Franke, "Scattered data interpolation: tests of some methods", 1982. */
    private static LoadedData franke(DataFolders folders) {
        return onCube(2, 0, 1, p -> {
            double x = 9 * p[0];
            double y = 9 * p[1];
            return 0.75 * Math.exp(-((x - 2) * (x - 2) + (y - 2) * (y - 2)) / 4)
                    + 0.75 * Math.exp(-(x + 1) * (x + 1) / 49 - (y + 1) / 10)
                    + 0.5 * Math.exp(-((x - 7) * (x - 7) + (y - 3) * (y - 3)) / 4)
                    - 0.2 * Math.exp(-(x - 4) * (x - 4) - (y - 7) * (y - 7));
        });
    }

    /** J. H. Friedman, "Multivariate adaptive regression splines", 1991, divided by 10 and centred. */
    private static LoadedData friedman(DataFolders folders) {
        return onCube(
                5,
                0,
                1,
                x -> (10 * Math.sin(Math.PI * x[0] * x[1]) + 20 * (x[2] - 0.5) * (x[2] - 0.5) + 10 * x[3] + 5 * x[4])
                                / 10
                        - 1.4);
    }

    /** In units of ε and σ. */
    private static LoadedData trimer(DataFolders folders) {
        return onCube(3, 1, 2, r -> pair(r[0]) + pair(r[1]) + pair(r[2]));
    }

    private static double pair(double r) {
        double sixth = Math.pow(r, -6);
        return 4 * (sixth * sixth - sixth);
    }

    /**
     * K. S. Narendra, K. Parthasarathy, "Identification and control of dynamical systems using neural networks", 1990, with the
     * hidden units of the authors' own networks, 20 and 10. The series has no noise: what is left is what the network cannot
     * approximate.
     */
    private static LoadedData narx(DataFolders folders) {
        Random random = new Random(1);
        List<double[]> rows = new ArrayList<>();
        double last = 0;
        double before = 0;
        for (int k = 0; k < 2000; k++) {
            // identified from a random input, tested on the authors' sine
            double u = k < 1000 ? 4 * random.nextDouble() - 2 : Math.sin(2 * Math.PI * k / 25);
            double next = last * before * (last + 2.5) / (1 + last * last + before * before) + u;
            rows.add(new double[] {last, before, u, next});
            before = last;
            last = next;
        }
        return data(new Examples(
                columns(rows.subList(0, 1000), 0, 3),
                columns(rows.subList(0, 1000), 3, 1),
                columns(rows.subList(1000, 2000), 0, 3),
                columns(rows.subList(1000, 2000), 3, 1)));
    }

    private static INDArray columns(List<double[]> rows, int from, int count) {
        double[][] part = new double[rows.size()][count];
        for (int i = 0; i < part.length; i++) {
            System.arraycopy(rows.get(i), from, part[i], 0, count);
        }
        return Nd4j.createFromArray(part);
    }
}
