package org.dl4jgn.spark.measure;

import java.time.Duration;
import java.util.ArrayList;
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
 * alone|local|workers k partitions steps h:batch h:batch ...}. For each network and batch it prints the median of the steps after
 * the first ones, and the processors' time of a step, of the driver and its workers together, which says more than the median where
 * other programs run; and then the {@linkplain CostModel model} fitted to the processors' times.
 */
public final class StepCost {

    private static final int INPUTS = 784;
    private static final int CLASSES = 10;
    private static final int WARMUP = Integer.getInteger("warmup", 5);

    private final int k;
    private final int steps;
    private final List<Double> times = new ArrayList<>();
    private final List<Duration> used = new ArrayList<>();
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
            measure(k, steps, partitions, points, Optional.empty());
        } else {
            try (JavaSparkContext context = args[0].equals("local") ? Clusters.local(2) : Clusters.workers(2, 2048)) {
                measure(k, steps, partitions, points, Optional.of(context));
            }
        }
    }

    private static void measure(
            int k, int steps, int partitions, List<String> points, Optional<JavaSparkContext> context) {
        List<CostModel.Measured> measured = new ArrayList<>();
        for (String point : points) {
            String[] numbers = point.split(":", 2);
            int batch = Integer.parseInt(numbers[1]);
            MultiLayerNetwork net = network(k, Integer.parseInt(numbers[0]));
            StepCost cost = new StepCost(k, steps);
            context.ifPresentOrElse(
                    cluster -> cost.train(cluster, net, batch, partitions), () -> cost.train(net, batch));
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
            long start = System.nanoTime();
            net.fit(all);
            times.add((System.nanoTime() - start) / 1e6);
            used.add(used());
        }
    }

    private void train(JavaSparkContext context, MultiLayerNetwork net, int batch, int partitions) {
        List<Integer> numbers = IntStream.range(0, partitions).boxed().toList();
        JavaRDD<DataSet> data = context.parallelize(numbers, partitions)
                .map(i -> examples(i, batch * (i + 1) / partitions - batch * i / partitions));
        long[] last = {System.nanoTime()};
        SparkGaussNewton.builder(context)
                .onStep((report, taken) -> {
                    long now = System.nanoTime();
                    times.add((now - last[0]) / 1e6);
                    last[0] = now;
                    used.add(used());
                    rounds = taken;
                })
                .build()
                .fit(net, data, WARMUP + steps);
    }

    private CostModel.Measured print(String point, long d, int batch) {
        double[] sorted = times.subList(WARMUP, times.size()).stream()
                .mapToDouble(t -> t)
                .sorted()
                .toArray();
        double processors =
                used.get(used.size() - 1).minus(used.get(WARMUP - 1)).toNanos() / 1e6 / steps;
        System.out.printf(
                Locale.ROOT,
                "%s: d %d, median %.1f ms, least %.1f, processors %.1f, %d jobs, %d bytes sent, %d received%n",
                point,
                d,
                sorted[sorted.length / 2],
                sorted[0],
                processors,
                rounds.jobs(),
                rounds.sent(),
                rounds.received());
        return new CostModel.Measured(rounds.jobs(), d, (double) batch * d * (k + 2), processors / 1e3);
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
