package org.dl4jgn.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.dl4jgn.conf.Egn;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.spark.testing.Cases;
import org.dl4jgn.spark.testing.Clusters;
import org.dl4jgn.spark.testing.JobListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.IUpdater;

/** A step as one job: the same step, and nothing that waits for its cores waits for ever. */
@Timeout(300)
class StepJobTest extends OnTwoThreads {

    private static final DataSet EXAMPLES = Cases.synthetic(96, 5);
    private static final int EPOCHS = 2;
    private static final int STEPS = 2 * EPOCHS;

    /** Holds one of the two threads while a test runs. */
    private static final CountDownLatch RELEASED = new CountDownLatch(1);

    private static MultiLayerNetwork trained(IUpdater updater, MiniBatches miniBatches, boolean isJobPerStep) {
        MultiLayerNetwork net = Cases.SYNTHETIC.network(updater, DataType.DOUBLE);
        fit(net, miniBatches, isJobPerStep);
        return net;
    }

    private static void fit(MultiLayerNetwork net, MiniBatches miniBatches, boolean isJobPerStep) {
        SparkGaussNewton.builder(context)
                .miniBatches(miniBatches)
                .jobPerStep(isJobPerStep)
                .build()
                .fit(net, Clusters.spread(context, EXAMPLES, 2), EPOCHS);
    }

    private static List<String> jobsOf(Runnable training) {
        List<String> names = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch last = new CountDownLatch(1);
        JobListener listener = new JobListener((name, id) -> {
            if (name.contains("step")) {
                names.add(name);
            } else if (name.contains("free")) {
                last.countDown();
            }
        });
        context.sc().addSparkListener(listener);
        try {
            training.run();
            assertTrue(last.await(1, TimeUnit.MINUTES));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            context.sc().removeSparkListener(listener);
        }
        return names;
    }

    @Test
    void aStepIsOneJob() {
        List<String> jobs =
                jobsOf(() -> trained(Sgn.builder().build(), MiniBatches.of(EXAMPLES.numExamples() / 2), true));
        assertEquals(
                IntStream.range(0, STEPS)
                        .mapToObj(i -> "Gauss-Newton step " + i + ": all questions")
                        .toList(),
                jobs);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theStepIsTheSameToTheBit(boolean isExact) {
        IUpdater updater = isExact ? Egn.builder().build() : Sgn.builder().build();
        MiniBatches miniBatches = MiniBatches.of(EXAMPLES.numExamples() / 2);
        MultiLayerNetwork jobs = trained(updater.clone(), miniBatches, false);
        MultiLayerNetwork job = trained(updater.clone(), miniBatches, true);
        assertEquals(STEPS, job.getIterationCount());
        assertEquals(jobs.params(), job.params());
    }

    /** Which would never begin if the step still had all cores. */
    @Test
    void aListenerMayRunJobs() {
        MultiLayerNetwork net = Cases.SYNTHETIC.network(Sgn.builder().build(), DataType.DOUBLE);
        List<Long> counted = new ArrayList<>();
        net.setListeners(new BaseTrainingListener() {
            @Override
            public void iterationDone(Model model, int iteration, int epoch) {
                counted.add(context.parallelize(List.of(1, 2, 3), 2).count());
            }
        });
        fit(net, MiniBatches.all(), true);
        assertEquals(Collections.nCopies(EPOCHS, 3L), counted);
    }

    @Test
    void coresThatSomethingElseHasAreNotWaitedForLong() throws Exception {
        JavaFutureAction<Void> other =
                context.parallelize(List.of(1), 1).foreachPartitionAsync(numbers -> RELEASED.await());
        while (context.statusTracker().getActiveStageIds().length == 0) {
            Thread.sleep(10);
        }
        JavaRDD<Examples> none = context.parallelize(List.of(1, 2), 2).map(i -> Examples.none());
        MultiLayerNetwork net = Cases.SYNTHETIC.network(Sgn.builder().build(), DataType.DOUBLE);
        NetworkSpec spec = NetworkSpec.of(UUID.randomUUID().toString(), net);
        Broadcast<NetworkSpec> network = context.broadcast(spec);
        Query query = new Query(network, Selection.all(), 1, new Query.Moment(0, 0, null), 0, null, new Query.Check());
        try (StepJob job = new StepJob(context, none, Duration.ofMillis(300))) {
            assertEquals(Optional.empty(), job.ask("Gauss-Newton step 0", query));
            // nor is it tried at once again
            assertFalse(other.isDone());
            RELEASED.countDown();
            other.get();
            assertEquals(Optional.empty(), job.ask("Gauss-Newton step 1", query));
        }
        try (StepJob job = new StepJob(context, none, StepJob.PATIENCE)) {
            assertEquals(2, job.ask("Gauss-Newton step 0", query).orElseThrow().size());
        }
    }
}
