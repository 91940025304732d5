package org.dl4jgn.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.spark.testing.Cases;
import org.dl4jgn.spark.testing.Clusters;
import org.dl4jgn.spark.testing.JobListener;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;

/**
 * Executors die, steps do not: one in eight steps, of which each question is a job, and one in eight that are a job each;
 * {@code -Dkilled=10 -Dsteps=40} takes longer.
 */
class LostExecutorTest {

    private static final int STEPS = Integer.getInteger("steps", 8);
    private static final int KILLED = Integer.getInteger("killed", 1);

    private static JavaSparkContext context;

    @BeforeAll
    static void start() {
        context = Clusters.briefWorkers(2, 1024);
    }

    @AfterAll
    static void stop() {
        context.close();
    }

    /** Kills an executor some time after a job began, in some steps, whose questions are one job or are jobs. */
    private static final class Killer {

        private static final Pattern JOB = Pattern.compile("Gauss-Newton step (\\d+): (all questions|product 3)");
        /** Milliseconds. */
        private static final int LATEST = 20;

        private final Random random = new Random(1);
        private final Set<Integer> steps = new HashSet<>();
        /** Whether there was an executor to kill. */
        private final List<Future<Boolean>> kills = new CopyOnWriteArrayList<>();

        private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

        Killer() {
            while (steps.size() < KILLED) {
                // a late kill is one in the next step
                steps.add(1 + random.nextInt(STEPS - 2));
            }
        }

        void hear(String name) {
            Matcher job = JOB.matcher(name);
            if (job.matches() && steps.remove(Integer.parseInt(job.group(1)))) {
                kills.add(timer.schedule(Killer::kill, random.nextInt(LATEST), TimeUnit.MILLISECONDS));
            }
        }

        private static boolean kill() {
            return ProcessHandle.current()
                    .children()
                    .filter(ProcessHandle::isAlive)
                    .findAny()
                    .map(ProcessHandle::destroyForcibly)
                    .orElse(false);
        }

        int kills() throws InterruptedException, ExecutionException {
            timer.shutdown();
            int count = 0;
            for (Future<Boolean> kill : kills) {
                count += kill.get() ? 1 : 0;
            }
            return count;
        }
    }

    private static MultiLayerNetwork trained(DataSet examples, int partitions, boolean isJobPerStep) {
        MultiLayerNetwork net =
                Cases.SYNTHETIC.network(Sgn.builder().cgIterations(4).build(), DataType.DOUBLE);
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
    @CsvSource({"4, false", "2, true"})
    void aStepIsTheSameWithoutAnExecutor(int partitions, boolean isJobPerStep) throws Exception {
        DataSet examples = Cases.synthetic(120, 3);
        MultiLayerNetwork undisturbed = trained(examples, partitions, isJobPerStep);
        Killer killer = new Killer();
        JobListener listener = new JobListener((name, id) -> killer.hear(name));
        context.sc().addSparkListener(listener);
        MultiLayerNetwork disturbed = trained(examples, partitions, isJobPerStep);
        context.sc().removeSparkListener(listener);
        assertEquals(KILLED, killer.kills());
        assertEquals(STEPS, undisturbed.getIterationCount());
        assertTrue(undisturbed.params().equalsWithEps(disturbed.params(), 0));
    }
}
