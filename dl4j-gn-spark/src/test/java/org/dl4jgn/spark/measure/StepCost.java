package org.dl4jgn.spark.measure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.StepReport;
import org.dl4jgn.conf.Damping;
import org.dl4jgn.conf.LineSearch;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.spark.Rounds;
import org.dl4jgn.spark.SparkGaussNewton;
import org.dl4jgn.spark.testing.Clusters;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * Times steps of SGN on networks 784-h-h-h-10 and random images, on one machine or a cluster of JVMs on this one: {@code
 * alone|local|workers|beside k partitions steps h:batch h:batch ...}. For each network and batch it prints the median of the steps
 * after the first ones, and the processors' time of a step, of the driver and its workers together, which says more than the median
 * where other programs run; and then the {@linkplain CostModel model} fitted to the processors' times.
 *
 * <p>{@code beside} takes a step of one JVM, this one, after each step of the workers: what else the machine does falls on both.
 */
public final class StepCost {

    private static final int INPUTS = 784;
    private static final int CLASSES = 10;
    private static final int WARMUP = Integer.getInteger("warmup", 5);
    /** Steps after each of which the last ones are printed, which shows how a JVM gets warm; 0 for none. */
    private static final int PIECE = Integer.getInteger("piece", 0);

    /** Whether each question is a job of its own, although a step could be one. */
    private static final boolean JOBS = Boolean.getBoolean("jobs");

    private final int k;
    private final int steps;
    private final List<Double> times = new ArrayList<>();
    private final List<Double> used = new ArrayList<>();
    private final List<Double> losses = new ArrayList<>();
    private long start;
    private Duration usedBefore = Duration.ZERO;
    private Rounds rounds = new Rounds(0, 0, 0);

    private StepCost(int k, int steps) {
        this.k = k;
        this.steps = steps;
    }

    /** Measures. */
    public static void main(String[] args) {
        int k = Integer.parseInt(args[1]);
        int partitions = Integer.parseInt(args[2]);
        int steps = Integer.parseInt(args[3]);
        List<String> points = List.of(args).subList(4, args.length);
        if (args[0].equals("alone")) {
            measure(k, steps, partitions, points, Optional.empty(), false);
        } else {
            try (JavaSparkContext context = args[0].equals("local") ? Clusters.local(2) : Clusters.workers(2, 2048)) {
                measure(k, steps, partitions, points, Optional.of(context), args[0].equals("beside"));
            }
        }
    }

    private static void measure(
            int k,
            int steps,
            int partitions,
            List<String> points,
            Optional<JavaSparkContext> context,
            boolean isBeside) {
        List<CostModel.Measured> measured = new ArrayList<>();
        for (String point : points) {
            String[] numbers = point.split(":", 2);
            int batch = Integer.parseInt(numbers[1]);
            MultiLayerNetwork net = network(k, Integer.parseInt(numbers[0]));
            StepCost cost = new StepCost(k, steps);
            if (isBeside) {
                StepCost alone = new StepCost(k, steps);
                MultiLayerNetwork copy = net.clone();
                GaussNewton.attach(copy);
                DataSet all = DataSet.merge(IntStream.range(0, partitions)
                        .mapToObj(i -> part(i, batch, partitions))
                        .toList());
                cost.train(context.orElseThrow(), net, batch, partitions, () -> alone.step(copy, all));
                alone.print(point + " alone", net.numParams(), batch);
                cost.printRatio(alone);
            } else {
                context.ifPresentOrElse(
                        cluster -> cost.train(cluster, net, batch, partitions, () -> {}), () -> cost.train(net, batch));
            }
            measured.add(cost.print(point, net.numParams(), batch));
        }
        if (measured.size() > 3) {
            System.out.println(CostModel.fitted(measured));
        }
    }

    private void train(MultiLayerNetwork net, int batch) {
        GaussNewton.attach(net);
        DataSet all = examples(0, batch);
        for (int i = 0; i < WARMUP + steps; i++) {
            step(net, all);
        }
    }

    private void step(MultiLayerNetwork net, DataSet all) {
        begin();
        net.fit(all);
        end(GaussNewton.report(net).orElseThrow());
    }

    private void begin() {
        usedBefore = used();
        start = System.nanoTime();
    }

    private void end(StepReport report) {
        times.add((System.nanoTime() - start) / 1e6);
        used.add(used().minus(usedBefore).toNanos() / 1e6);
        losses.add(report.lossBefore());
        if (PIECE > 0 && times.size() % PIECE == 0) {
            System.out.printf(
                    Locale.ROOT,
                    "to step %d: median %.1f ms, processors %.1f%n",
                    times.size(),
                    median(times.subList(times.size() - PIECE, times.size())),
                    mean(used.subList(used.size() - PIECE, used.size())));
        }
    }

    private void train(JavaSparkContext context, MultiLayerNetwork net, int batch, int partitions, Runnable between) {
        List<Integer> numbers = IntStream.range(0, partitions).boxed().toList();
        JavaRDD<DataSet> data = context.parallelize(numbers, partitions).map(i -> part(i, batch, partitions));
        begin();
        SparkGaussNewton.builder(context)
                .jobPerStep(!JOBS)
                .onStep((report, taken) -> {
                    end(report);
                    rounds = taken;
                    between.run();
                    begin();
                })
                .build()
                .fit(net, data, WARMUP + steps);
    }

    private static DataSet part(int number, int batch, int partitions) {
        return examples(number, batch * (number + 1) / partitions - batch * number / partitions);
    }

    private void printRatio(StepCost alone) {
        double[] ratios = IntStream.range(WARMUP, times.size())
                .mapToDouble(i -> times.get(i) / alone.times.get(i))
                .toArray();
        double apart = IntStream.range(0, losses.size())
                .mapToDouble(i -> Math.abs(losses.get(i) / alone.losses.get(i) - 1))
                .max()
                .orElse(0);
        System.out.printf(
                Locale.ROOT,
                "ratio: of medians %.2f, of minima %.2f, median of the steps' %.2f, of processors' time %.2f; losses differ by at"
                        + " most %.1e%n",
                median(measured(times)) / median(measured(alone.times)),
                least(measured(times)) / least(measured(alone.times)),
                Arrays.stream(ratios).sorted().toArray()[ratios.length / 2],
                mean(measured(used)) / mean(measured(alone.used)),
                apart);
    }

    private static double median(List<Double> all) {
        return all.stream().mapToDouble(number -> number).sorted().toArray()[all.size() / 2];
    }

    private static double least(List<Double> all) {
        return all.stream().mapToDouble(number -> number).min().orElseThrow();
    }

    private static double mean(List<Double> all) {
        return all.stream().mapToDouble(number -> number).average().orElseThrow();
    }

    /** Those after the first. */
    private static List<Double> measured(List<Double> all) {
        return all.subList(WARMUP, all.size());
    }

    private CostModel.Measured print(String point, long d, int batch) {
        System.out.printf(
                Locale.ROOT,
                "%s: d %d, median %.1f ms, least %.1f, processors %.1f, %d questions, %d bytes sent, %d received%n",
                point,
                d,
                median(measured(times)),
                least(measured(times)),
                mean(measured(used)),
                rounds.questions(),
                rounds.sent(),
                rounds.received());
        return new CostModel.Measured(rounds.questions(), d, (double) batch * d * (k + 2), mean(measured(used)) / 1e3);
    }

    /** Of this process and those that it started. */
    private static Duration used() {
        return Stream.concat(
                        Stream.of(ProcessHandle.current()),
                        ProcessHandle.current().children())
                .map(process -> process.info().totalCpuDuration().orElse(Duration.ZERO))
                .reduce(Duration.ZERO, Duration::plus);
    }

    private static DataSet examples(int seed, int count) {
        Random random = new Random(seed);
        float[] pixels = new float[count * INPUTS];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = random.nextFloat() - 0.13f;
        }
        INDArray labels = Nd4j.zeros(count, CLASSES);
        for (int i = 0; i < count; i++) {
            labels.putScalar(i, random.nextInt(CLASSES), 1);
        }
        return new DataSet(Nd4j.createFromArray(pixels).reshape(count, INPUTS), labels);
    }

    private static MultiLayerNetwork network(int k, int hidden) {
        MultiLayerNetwork net = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(42)
                .weightInit(WeightInit.XAVIER)
                .activation(Activation.SIGMOID)
                .updater(Sgn.builder()
                        .cgIterations(k)
                        .damping(Damping.constant(1e-1))
                        .lineSearch(LineSearch.none())
                        .build())
                .list()
                .layer(new DenseLayer.Builder().nIn(INPUTS).nOut(hidden).build())
                .layer(new DenseLayer.Builder().nIn(hidden).nOut(hidden).build())
                .layer(new DenseLayer.Builder().nIn(hidden).nOut(hidden).build())
                .layer(new OutputLayer.Builder(LossFunction.MCXENT)
                        .nIn(hidden)
                        .nOut(CLASSES)
                        .activation(Activation.SOFTMAX)
                        .build())
                .build());
        net.init();
        return net;
    }
}
