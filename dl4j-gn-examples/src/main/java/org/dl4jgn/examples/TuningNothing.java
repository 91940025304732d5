package org.dl4jgn.examples;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.conf.GaussNewtonUpdater;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.examples.sine.SineData;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.SplitTestAndTrain;
import org.nd4j.linalg.dataset.api.preprocessor.NormalizerStandardize;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * The same settings, which are the defaults, on four different problems: medians of three starts, since one of them may stay on a
 * plateau.
 *
 * <p>A Gauss-Newton step measures the scale of its problem by its curvature, so that there is no learning rate to find.
 * Adam, at its default of 0.001, is shown for as many epochs; on each problem some other rate would suit it better. Epochs
 * are not time, and one of SGN takes longer: {@code SineComparison} and the benchmarks compare by time, with rivals that are
 * tuned.
 */
public final class TuningNothing {

    private static final int EPOCHS = 60;
    private static final int[] SEEDS = {43, 42, 44};

    private TuningNothing() {}

    /** Data in mini-batches to train with, and to test with. */
    private record Problem(String name, boolean classes, List<DataSet> train, DataSet test) {}

    /** Trains SGN and Adam on each problem and prints a table; {@code -Dexample.args="1"} for fewer starts than three. */
    public static void main(String[] args) {
        int[] seeds = args.length == 0 ? SEEDS : Arrays.copyOf(SEEDS, starts(args[0]));
        System.out.printf(
                "Counted in epochs, of which SGN's take longer. Adam is at its default, 0.001, not tuned.%n%n");
        System.out.printf(
                "after %d epochs        %12s %12s   medians of %d starts%n",
                EPOCHS, "SGN", "Adam, untuned", seeds.length);
        for (Problem problem : List.of(sine(), friedman(), spirals(), checkers())) {
            double sgn = trained(problem, Sgn.builder().build(), seeds);
            double adam = trained(problem, new Adam(), seeds);
            System.out.printf(Locale.ROOT, "%-22s %12.3g %12.3g%n", problem.name, sgn, adam);
        }
    }

    private static int starts(String text) {
        if (!text.matches("[1-" + SEEDS.length + "]")) {
            throw new IllegalArgumentException(
                    "The number of starts is " + text + ", but must be from 1 to " + SEEDS.length);
        }
        return Integer.parseInt(text);
    }

    /** The median of several starts. */
    private static double trained(Problem problem, IUpdater optimizer, int... seeds) {
        double[] reached = IntStream.of(seeds)
                .mapToDouble(seed -> reached(problem, optimizer.clone(), seed))
                .sorted()
                .toArray();
        return reached[reached.length / 2];
    }

    /** Test loss, or share of wrong answers, after training. */
    private static double reached(Problem problem, IUpdater optimizer, int seed) {
        MultiLayerNetwork net = create(problem, optimizer, seed);
        net.fit(new ExistingDataSetIterator(problem.train), EPOCHS);
        return problem.classes
                ? 1
                        - net.evaluate(new ExistingDataSetIterator(List.of(problem.test)))
                                .accuracy()
                : net.score(problem.test, false);
    }

    private static MultiLayerNetwork create(Problem problem, IUpdater optimizer, int seed) {
        MultiLayerNetwork net = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .updater(optimizer) // DL4J's own builder does as well
                .seed(seed)
                .weightInit(WeightInit.XAVIER)
                .activation(Activation.TANH)
                .list()
                .layer(new DenseLayer.Builder()
                        .nIn(problem.test.numInputs())
                        .nOut(20)
                        .build())
                .layer(new DenseLayer.Builder().nOut(20).build())
                .layer(new OutputLayer.Builder(problem.classes ? LossFunction.MCXENT : LossFunction.MSE)
                        .nOut(problem.test.numOutcomes())
                        .activation(problem.classes ? Activation.SOFTMAX : Activation.IDENTITY)
                        .build())
                .build());
        net.init();
        return optimizer instanceof GaussNewtonUpdater ? GaussNewton.attach(net) : net;
    }

    private static Problem sine() {
        SineData data = SineData.generate(1, DataType.FLOAT);
        return new Problem("sine, test loss", false, data.batches(1_000, 1), data.test());
    }

    /** y = 10 sin(πx₁x₂) + 20(x₃ − ½)² + 10x₄ + 5x₅ + N(0, 1), with five more x that mean nothing (Friedman 1991). */
    private static Problem friedman() {
        Random random = new Random(1);
        double[][] x = new double[3_000][10];
        double[][] y = new double[x.length][1];
        for (int i = 0; i < x.length; i++) {
            x[i] = random.doubles(10).toArray();
            y[i][0] = 10 * Math.sin(Math.PI * x[i][0] * x[i][1])
                    + 20 * Math.pow(x[i][2] - 0.5, 2)
                    + 10 * x[i][3]
                    + 5 * x[i][4]
                    + random.nextGaussian();
        }
        return standardized("Friedman, test loss", false, new DataSet(Nd4j.create(x), Nd4j.create(y)), 200);
    }

    private static Problem spirals() {
        List<DataSet> train = new ArrayList<>();
        TwoSpirals.batches(6, 500, 1).forEachRemaining(train::add);
        return new Problem(
                "two spirals, errors",
                true,
                train,
                TwoSpirals.batches(1, 1_000, 2).next());
    }

    /** The squares of a board of 4 x 4, black or white. */
    private static Problem checkers() {
        Random random = new Random(1);
        double[][] x = new double[6_000][2];
        double[][] y = new double[x.length][2];
        for (int i = 0; i < x.length; i++) {
            x[i] = random.doubles(2, 0, 4).toArray();
            y[i][((int) x[i][0] + (int) x[i][1]) % 2] = 1;
        }
        return standardized("checkers, errors", true, new DataSet(Nd4j.create(x), Nd4j.create(y)), 200);
    }

    private static Problem standardized(String name, boolean classes, DataSet all, int batch) {
        SplitTestAndTrain parts = all.splitTestAndTrain(2.0 / 3);
        NormalizerStandardize scale = new NormalizerStandardize();
        scale.fitLabel(!classes);
        scale.fit(parts.getTrain());
        scale.preProcess(parts.getTrain());
        scale.preProcess(parts.getTest());
        return new Problem(name, classes, parts.getTrain().batchBy(batch), parts.getTest());
    }
}
