package org.dl4jgn.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.spark.testing.Cases;
import org.dl4jgn.spark.testing.Clusters;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;

/**
 * Executors die, steps do not: two in eight steps, of which each question is a job, and two in eight that are a job each;
 * {@code -Dkilled=10 -Dsteps=40} takes longer.
 */
class LostExecutorTest {

    private static final int STEPS = Integer.getInteger("steps", 8);
    private static final int KILLED = Integer.getInteger("killed", 2);

    /** Kills an executor some time after a job began, in some steps. */
    private static final class Killer extends SparkListener implements AutoCloseable {

        private final String job;
        private final int delay;
        private final Random random = new Random(1);
        private final Set<Integer> steps = new HashSet<>();
        private final AtomicInteger kills = new AtomicInteger();
        private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

        /**
         * Chooses steps.
         *
         * @param job which of their jobs
         * @param delay milliseconds that it waits at most
         */
        Killer(String job, int delay) {
            this.job = job;
            this.delay = delay;
            while (steps.size() < KILLED) {
                steps.add(1 + random.nextInt(STEPS - 1));
            }
        }

        @Override
        public void onJobStart(SparkListenerJobStart started) {
            String name = started.properties().getProperty("spark.job.description", "");
            for (int step : steps) {
                if (name.equals("Gauss-Newton step " + step + ": " + job)) {
                    timer.schedule(this::kill, random.nextInt(delay), TimeUnit.MILLISECONDS);
                }
            }
        }

        private void kill() {
            ProcessHandle.current()
                    .children()
                    .filter(ProcessHandle::isAlive)
                    .findAny()
                    .ifPresent(executor -> {
                        executor.destroyForcibly();
                        kills.incrementAndGet();
                    });
        }

        @Override
        public void close() {
            timer.shutdownNow();
        }
    }

    private static MultiLayerNetwork trained(
            JavaSparkContext context, DataSet examples, int partitions, boolean isJobPerStep) {
        MultiLayerNetwork net = Cases.SYNTHETIC.network(Sgn.builder().build(), DataType.DOUBLE);
        JavaRDD<DataSet> spread = Clusters.spread(context, examples, partitions);
        SparkGaussNewton.builder(context)
                .miniBatches(MiniBatches.of(30))
                .jobPerStep(isJobPerStep)
                .build()
                .fit(net, spread, STEPS / 4);
        return net;
    }

    /** Four partitions of two executors, of one core each, have no one job for a step. */
    @ParameterizedTest
    @CsvSource({"4, false, product 3, 1", "2, true, all questions, 30"})
    void aStepIsTheSameWithoutAnExecutor(int partitions, boolean isJobPerStep, String job, int delay) {
        DataSet examples = Cases.synthetic(120, 3);
        try (JavaSparkContext context = Clusters.workers(2, 1024);
                Killer killer = new Killer(job, delay)) {
            MultiLayerNetwork undisturbed = trained(context, examples, partitions, isJobPerStep);
            context.sc().addSparkListener(killer);
            MultiLayerNetwork disturbed = trained(context, examples, partitions, isJobPerStep);
            assertEquals(KILLED, killer.kills.get());
            assertEquals(STEPS, undisturbed.getIterationCount());
            assertTrue(undisturbed.params().equalsWithEps(disturbed.params(), 0));
        }
    }
}
