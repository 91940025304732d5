package org.dl4jgn.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.spark.testing.Cases;
import org.dl4jgn.spark.testing.Clusters;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;

/** Executors die, steps do not: two in eight steps; {@code -Dkilled=10 -Dsteps=40} takes longer. */
class LostExecutorTest {

    private static final int STEPS = Integer.getInteger("steps", 8);
    private static final int KILLED = Integer.getInteger("killed", 2);

    /** Kills an executor when a job begins, in the midst of some steps. */
    private static final class Killer extends SparkListener {

        private final Set<Integer> steps = new HashSet<>();
        private final AtomicInteger kills = new AtomicInteger();

        Killer(Random random) {
            while (steps.size() < KILLED) {
                steps.add(1 + random.nextInt(STEPS - 1));
            }
        }

        @Override
        public void onJobStart(SparkListenerJobStart job) {
            String name = job.properties().getProperty("spark.job.description", "");
            for (int step : steps) {
                if (name.equals("Gauss-Newton step " + step + ": product 3")) {
                    ProcessHandle.current()
                            .children()
                            .filter(ProcessHandle::isAlive)
                            .findAny()
                            .ifPresent(executor -> {
                                executor.destroyForcibly();
                                kills.incrementAndGet();
                            });
                }
            }
        }
    }

    private static MultiLayerNetwork trained(JavaSparkContext context, DataSet examples) {
        MultiLayerNetwork net = Cases.SYNTHETIC.network(Sgn.builder().build(), DataType.DOUBLE);
        JavaRDD<DataSet> spread = Clusters.spread(context, examples, 4);
        SparkGaussNewton.builder(context)
                .miniBatches(MiniBatches.of(30))
                .build()
                .fit(net, spread, STEPS / 4);
        return net;
    }

    @Test
    void aStepIsTheSameWithoutAnExecutor() {
        DataSet examples = Cases.synthetic(120, 3);
        try (JavaSparkContext context = Clusters.workers(2, 1024)) {
            MultiLayerNetwork undisturbed = trained(context, examples);
            Killer killer = new Killer(new Random(1));
            context.sc().addSparkListener(killer);
            MultiLayerNetwork disturbed = trained(context, examples);
            assertEquals(KILLED, killer.kills.get());
            assertEquals(STEPS, undisturbed.getIterationCount());
            assertTrue(undisturbed.params().equalsWithEps(disturbed.params(), 0));
        }
    }
}
