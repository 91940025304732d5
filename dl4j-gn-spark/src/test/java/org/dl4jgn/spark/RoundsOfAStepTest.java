package org.dl4jgn.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.StepReport;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.spark.testing.Cases;
import org.dl4jgn.spark.testing.Clusters;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;

/** What is known to be asked next is asked in the same job. */
class RoundsOfAStepTest extends OnTwoThreads {

    private static final int STEPS = 3;

    private final List<Rounds> rounds = new ArrayList<>();
    private final List<StepReport> reports = new ArrayList<>();

    private long train(Sgn sgn, MiniBatches miniBatches) {
        MultiLayerNetwork net = Cases.SYNTHETIC.network(sgn, DataType.DOUBLE);
        SparkGaussNewton.builder(context)
                .miniBatches(miniBatches)
                .onStep((report, taken) -> {
                    reports.add(report);
                    rounds.add(taken);
                })
                .build()
                .fit(net, Clusters.spread(context, Cases.synthetic(96, 5), 3), STEPS);
        return net.numParams() * Double.BYTES;
    }

    /** The defaults: the pace asks for the loss at the step before, and projected momentum for a product with that step. */
    @Test
    void aPaceAndProjectedMomentumTakeNoJobsOfTheirOwn() {
        long vector = train(Sgn.builder().build(), MiniBatches.all());
        assertEquals(STEPS, reports.size());
        for (int i = 0; i < STEPS; i++) {
            int k = reports.get(i).solverIterations();
            int memory = i == 0 ? 0 : 1;
            // the pace evaluates the loss at the end of some steps, where mini-batches are the same
            int s = reports.get(i).lineSearchEvaluations();
            assertTrue(s <= 1, reports.get(i)::toString);
            // θ and the step before go out, gradient and its product come back; then k products, and the direction for
            // the loss
            long answers = 1 + memory + k;
            assertEquals(new Rounds(1 + k + s, (answers + s) * vector, answers * vector), rounds.get(i), "step " + i);
        }
    }

    /** On new mini-batches too, to which the loss at the step before is new. */
    @Test
    void newMiniBatchesAreAskedAboutTheStepBeforeInTheSameJob() {
        train(Sgn.builder().build(), MiniBatches.of(48));
        assertEquals(2 * STEPS, reports.size());
        for (int i = 0; i < reports.size(); i++) {
            assertEquals(1 + reports.get(i).solverIterations(), rounds.get(i).questions(), "step " + i);
        }
    }

    /** The product of a part's curvature is another one than that of all examples. */
    @Test
    void theCurvatureOfAPartIsAskedForByItself() {
        train(Sgn.builder().curvatureShare(0.5).build(), MiniBatches.all());
        for (int i = 1; i < STEPS; i++) {
            int k = reports.get(i).solverIterations();
            // the gradient of all, what the part's linearization is asked for first, and the product with the step
            // before
            assertTrue(rounds.get(i).questions() >= 2 + k, rounds.get(i)::toString);
        }
    }
}
