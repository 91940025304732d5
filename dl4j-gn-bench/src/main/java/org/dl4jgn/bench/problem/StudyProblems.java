package org.dl4jgn.bench.problem;

import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.deeplearning4j.nn.weights.WeightInit;
import org.dl4jgn.bench.data.Examples;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Further problems on which methods are compared by loss per epoch, beside {@link Problems}: in float32, all of them. */
public final class StudyProblems {

    private static final int LETTERS = 26;
    private static final int LETTER_FEATURES = 16;
    private static final int LETTER_STYLES = 3;
    private static final int LETTER_FORMS = 5;
    private static final int LETTER_ROWS = 20_000;
    private static final int JOINTS = 8;
    private static final int ARM_ROWS = 8192;

    private StudyProblems() {}

    /** The problem of a name: one of these, else one of {@link Problems}. */
    public static Problem named(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "mnist-relu" ->
                problem(
                        name,
                        ImageData.pixelsOverMaximum("mnist"),
                        new Architecture.Dense(List.of(128, 64), Activation.RELU, WeightInit.XAVIER),
                        128);
            case "fashion-dense" ->
                problem(
                        name,
                        ImageData.standardized("fashion-mnist"),
                        new Architecture.Dense(List.of(64, 32), Activation.RELU, WeightInit.XAVIER),
                        128);
            case "letters" -> problem(name, folders -> letters(), Problems.MEDIUM, Problems.EGN_BATCH);
            case "arm" -> problem(name, folders -> arm(), Problems.MEDIUM, Problems.EGN_BATCH);
            default -> Problems.named(name);
        };
    }

    private static Problem problem(String name, LoadedData.Loader loader, Architecture architecture, int batch) {
        return new SupervisedProblem(
                name,
                name,
                "own",
                loader,
                architecture,
                Start.SEEDED,
                new Problem.Defaults(DataType.FLOAT, batch, 10, 5));
    }

    /**
     * 26 classes of whole numbers from 0 to 15, 16 of them an example: each class has some styles, and each style bends in
     * some directions of its own.
     */
    private static LoadedData letters() {
        Random random = new Random(26);
        double[][][] center = new double[LETTERS][LETTER_STYLES][];
        double[][][][] forms = new double[LETTERS][LETTER_STYLES][LETTER_FORMS][];
        for (int c = 0; c < LETTERS; c++) {
            double[] mean = normals(random, LETTER_FEATURES, 0.8);
            for (int s = 0; s < LETTER_STYLES; s++) {
                center[c][s] = normals(random, LETTER_FEATURES, 0.6);
                for (int i = 0; i < LETTER_FEATURES; i++) {
                    center[c][s][i] += mean[i];
                }
                for (int f = 0; f < LETTER_FORMS; f++) {
                    forms[c][s][f] = normals(random, LETTER_FEATURES, 0.35);
                }
            }
        }
        INDArray x = Nd4j.create(DataType.FLOAT, LETTER_ROWS, LETTER_FEATURES);
        INDArray y = Nd4j.create(DataType.FLOAT, LETTER_ROWS, LETTERS);
        for (int row = 0; row < LETTER_ROWS; row++) {
            int c = random.nextInt(LETTERS);
            int s = random.nextInt(LETTER_STYLES);
            double[] point = normals(random, LETTER_FEATURES, 0.3);
            double[] bend = normals(random, LETTER_FORMS, 1);
            for (int i = 0; i < LETTER_FEATURES; i++) {
                double value = point[i] + center[c][s][i];
                for (int f = 0; f < LETTER_FORMS; f++) {
                    value += bend[f] * forms[c][s][f][i];
                }
                x.putScalar(row, i, Math.max(0, Math.min(15, Math.round(7.5 + 2.5 * value))));
            }
            y.putScalar(row, c, 1);
        }
        return split(x, y, Task.CLASSES, 4000);
    }

    /** Distance of the hand of an arm of eight joints from a point, with noise. */
    private static LoadedData arm() {
        Random random = new Random(8);
        INDArray x = Nd4j.create(DataType.FLOAT, ARM_ROWS, JOINTS);
        INDArray y = Nd4j.create(DataType.FLOAT, ARM_ROWS, 1);
        for (int row = 0; row < ARM_ROWS; row++) {
            double angle = 0;
            double a = 0;
            double b = 0;
            for (int i = 0; i < JOINTS; i++) {
                double joint = (random.nextDouble() - 0.5) * Math.PI;
                x.putScalar(row, i, joint);
                angle += joint;
                a += Math.cos(angle) / JOINTS;
                b += Math.sin(angle) / JOINTS;
            }
            y.putScalar(row, 0, Math.hypot(a - 0.1, b - 0.4) + 0.02 * random.nextGaussian());
        }
        return split(x, y, Task.REGRESSION, 819);
    }

    private static LoadedData split(INDArray x, INDArray y, Task task, int tests) {
        INDArray standard = x.subRowVector(x.mean(0)).diviRowVector(x.std(0));
        INDArray labels = task == Task.REGRESSION ? y.subRowVector(y.mean(0)).diviRowVector(y.std(0)) : y;
        int rows = (int) x.rows();
        int[] test = java.util.stream.IntStream.range(0, tests).toArray();
        int[] train = java.util.stream.IntStream.range(tests, rows).toArray();
        Examples examples = new Examples(
                Nd4j.pullRows(standard, 1, train),
                Nd4j.pullRows(labels, 1, train),
                Nd4j.pullRows(standard, 1, test),
                Nd4j.pullRows(labels, 1, test));
        return LoadedData.of(examples, task, 1, List.of());
    }

    private static double[] normals(Random random, int count, double scale) {
        double[] values = new double[count];
        java.util.Arrays.setAll(values, i -> scale * random.nextGaussian());
        return values;
    }
}
