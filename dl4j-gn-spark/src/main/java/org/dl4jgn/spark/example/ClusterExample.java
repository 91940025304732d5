package org.dl4jgn.spark.example;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.dl4jgn.conf.GaussNewtonConfiguration;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.spark.SparkGaussNewton;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * A noisy sine of two variables, learned on a cluster: {@code [master] [checkpoints=folder]}. {@code spark-submit} gives the master
 * by itself. The folder, of any Hadoop file system, keeps the network; a program that is started again goes on from there.
 */
public final class ClusterExample {

    private static final int PARTITIONS = 4;
    private static final int EXAMPLES = 20_000;
    private static final int EPOCHS = 40;
    private static final int EVERY = 10;
    private static final String CHECKPOINTS = "checkpoints=";

    private ClusterExample() {}

    /** Trains, and prints each step. */
    public static void main(String[] args) {
        SparkConf conf = new SparkConf().setAppName("Gauss-Newton on Spark");
        Optional<String> folder = Optional.empty();
        for (String argument : args) {
            if (argument.startsWith(CHECKPOINTS)) {
                folder = Optional.of(argument.substring(CHECKPOINTS.length()));
            } else {
                conf.setMaster(argument);
            }
        }
        if (conf.get("spark.master", "").startsWith("local-cluster")) {
            workersOnThisMachine(conf);
        }
        try (JavaSparkContext context = new JavaSparkContext(conf)) {
            context.setLogLevel("WARN"); // Spark tells of every task, between the steps
            train(context, folder);
        }
    }

    private static void train(JavaSparkContext context, Optional<String> folder) {
        JavaRDD<DataSet> examples = context.parallelize(
                        IntStream.range(0, PARTITIONS).boxed().toList(), PARTITIONS)
                .map(part -> sine(EXAMPLES / PARTITIONS, part));
        SparkGaussNewton.Builder training = SparkGaussNewton.builder(context)
                .onStep((report, rounds) -> System.out.printf(
                        Locale.ROOT,
                        "step %3d  loss %.3e  %2d questions  %6d kB sent, %6d kB received  %.0f ms%n",
                        report.iteration(),
                        report.lossBefore(),
                        rounds.questions(),
                        rounds.sent() / 1000,
                        rounds.received() / 1000,
                        report.totalTime().toNanos() / 1e6));
        folder.ifPresent(address -> training.checkpoints(address, EVERY));
        MultiLayerNetwork net = folder.flatMap(address -> SparkGaussNewton.restore(context, address))
                .map(MultiLayerNetwork.class::cast)
                .orElseGet(ClusterExample::network);
        int left = EPOCHS - net.getEpochCount();
        if (left > 0) {
            training.build().fit(net, examples, left);
        }
        System.out.printf(Locale.ROOT, "test loss %.3e%n", net.score(sine(2_000, -1)));
    }

    private static MultiLayerNetwork network() {
        return new MultiLayerNetwork(new GaussNewtonConfiguration.Builder()
                .optimizationAlgo(Sgn.builder().build()) // the settings of one machine
                .seed(42)
                .weightInit(WeightInit.XAVIER)
                .activation(Activation.TANH)
                .list()
                .layer(new DenseLayer.Builder().nIn(2).nOut(30).build())
                .layer(new DenseLayer.Builder().nIn(30).nOut(30).build())
                .layer(new OutputLayer.Builder(LossFunction.MSE)
                        .nIn(30)
                        .nOut(1)
                        .activation(Activation.IDENTITY)
                        .build())
                .build());
    }

    private static DataSet sine(int count, int seed) {
        Random random = new Random(seed);
        INDArray x = Nd4j.create(count, 2);
        INDArray y = Nd4j.create(count, 1);
        for (int i = 0; i < count; i++) {
            double a = 2 * random.nextDouble() - 1;
            double b = 2 * random.nextDouble() - 1;
            x.putScalar(i, 0, a);
            x.putScalar(i, 1, b);
            y.putScalar(i, 0, Math.sin(5 * a) * Math.cos(3 * b) + 0.01 * random.nextGaussian());
        }
        return new DataSet(x, y);
    }

    /** What workers need that no installation of Spark has prepared: this program's class path and settings. */
    private static void workersOnThisMachine(SparkConf conf) {
        List<String[]> settings = List.of(
                new String[] {"spark.executor.extraClassPath", System.getProperty("java.class.path")},
                new String[] {"spark.executor.extraJavaOptions", "-XX:+UseSerialGC -Dorg.bytedeco.javacpp.maxbytes=1G"},
                new String[] {"spark.broadcast.blockSize", "256k"},
                new String[] {"spark.broadcast.compress", "false"},
                new String[] {"spark.broadcast.checksum", "false"},
                new String[] {"spark.executor.memory", "1g"},
                new String[] {"spark.scheduler.minRegisteredResourcesRatio", "1.0"},
                new String[] {"spark.executorEnv.OMP_NUM_THREADS", "1"},
                new String[] {"spark.executorEnv.SPARK_SCALA_VERSION", "2.12"},
                new String[] {"spark.executorEnv.SPARK_TESTING", "1"});
        settings.forEach(setting -> conf.setIfMissing(setting[0], setting[1]));
    }
}
