package org.dl4jgn.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.spark.testing.Cases;
import org.dl4jgn.spark.testing.Clusters;
import org.dl4jgn.spark.testing.JobListener;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;

/** Answers that jobs sum on the cluster, by a tree, and those of one job for the step, on the driver. */
class TreeOfAStepTest {

    private static final int PARTITIONS = 19;
    private static final DataSet EXAMPLES = Cases.synthetic(10 * PARTITIONS, 5);

    private static MultiLayerNetwork trained(JavaSparkContext context, boolean isJobPerStep) {
        MultiLayerNetwork net = Cases.SYNTHETIC.network(Sgn.builder().build(), DataType.FLOAT);
        SparkGaussNewton.builder(context)
                .treeDepth(3)
                .jobPerStep(isJobPerStep)
                .build()
                .fit(net, Clusters.spread(context, EXAMPLES, PARTITIONS), 2);
        return net;
    }

    /** In float32, where each level rounds: 19 partitions, 7 groups, 3 groups. */
    @Test
    void areTheSameToTheBit() {
        Set<String> names = ConcurrentHashMap.newKeySet();
        MultiLayerNetwork jobs;
        MultiLayerNetwork job;
        try (JavaSparkContext context = Clusters.local(PARTITIONS)) {
            jobs = trained(context, false);
            context.sc().addSparkListener(new JobListener((name, id) -> names.add(name)));
            job = trained(context, true);
        }
        assertTrue(names.contains("Gauss-Newton step 1: all questions"), names::toString);
        assertTrue(names.stream().noneMatch(name -> name.contains("product")), names::toString);
        assertEquals(jobs.params(), job.params());
    }
}
