package org.dl4jgn.spark.testing;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.nd4j.linalg.dataset.DataSet;

/** Spark masters in this JVM and beside it. */
public final class Clusters {

    private Clusters() {}

    /** A master whose executors are threads of this JVM. */
    public static JavaSparkContext local(int threads) {
        return new JavaSparkContext(conf("local[" + threads + "]"));
    }

    /** A master with workers in JVMs of their own, one core each; {@code -Dspark.x=y} has the last word on a setting. */
    public static JavaSparkContext workers(int count, int megabytes) {
        return workers(count, megabytes, "");
    }

    /**
     * Of workers that live for some steps only: with Java's quick compiler, whose code is slower than that which takes half of the
     * time of a worker's first steps to make.
     */
    public static JavaSparkContext briefWorkers(int count, int megabytes) {
        return workers(count, megabytes, "-XX:TieredStopAtLevel=1 ");
    }

    private static JavaSparkContext workers(int count, int megabytes, String javaOptions) {
        SparkConf conf = conf("local-cluster[" + count + ",1," + megabytes + "]")
                .setIfMissing("spark.executor.memory", megabytes + "m")
                .setIfMissing("spark.executor.extraClassPath", System.getProperty("java.class.path"))
                .setIfMissing(
                        "spark.executor.extraJavaOptions",
                        javaOptions
                                + "-XX:+UseSerialGC -Dorg.bytedeco.javacpp.maxbytes=1G -Dorg.bytedeco.javacpp.maxphysicalbytes=4G")
                // a job's own code is a broadcast, of some kilobytes, for which the default allocates 4 MB
                .setIfMissing("spark.broadcast.blockSize", "256k")
                .setIfMissing("spark.broadcast.compress", "false")
                .setIfMissing("spark.broadcast.checksum", "false")
                // else all partitions are cached on the worker that comes first, and stay there
                .setIfMissing("spark.scheduler.minRegisteredResourcesRatio", "1.0")
                .setIfMissing("spark.executorEnv.OMP_NUM_THREADS", "1")
                .setIfMissing("spark.executorEnv.SPARK_SCALA_VERSION", "2.12")
                .setIfMissing("spark.executorEnv.SPARK_TESTING", "1");
        return new JavaSparkContext(conf);
    }

    private static SparkConf conf(String master) {
        return new SparkConf()
                .setMaster(master)
                .setAppName("Gauss-Newton tests")
                .set("spark.ui.enabled", "false")
                .set("spark.driver.host", "localhost")
                .set("spark.driver.bindAddress", "127.0.0.1");
    }

    /** The examples of a data set, one by one, over so many partitions; lost ones are read again from a broadcast. */
    public static JavaRDD<DataSet> spread(JavaSparkContext context, DataSet examples, int partitions) {
        Broadcast<List<DataSet>> all = context.broadcast(examples.asList());
        List<Integer> numbers =
                IntStream.range(0, examples.numExamples()).boxed().toList();
        return context.parallelize(numbers, partitions).map(i -> all.value().get(i));
    }
}
