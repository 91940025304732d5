package org.dl4jgn.bench.rivals;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.QRDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.RealVector;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Sgd;

class FullBatchLbfgsTest {

    /** The optimum is found to the root of the rounding of a double, or so: half the digits of f. */
    private static final double OPTIMUM = 1e-6;

    /** f = (1 − x)² + 100 (y − x²)². */
    private static double rosenbrock(double[] x, double[] gradient) {
        double slope = x[1] - x[0] * x[0];
        gradient[0] = -2 * (1 - x[0]) - 400 * x[0] * slope;
        gradient[1] = 200 * slope;
        return (1 - x[0]) * (1 - x[0]) + 100 * slope * slope;
    }

    @Test
    void rosenbrocksValleyIsWalkedToItsEnd() {
        Lbfgs search = new Lbfgs(FullBatchLbfgsTest::rosenbrock, new double[] {-1.2, 1}, 10, 1e-12);
        assertEquals(24.2, search.value(), OPTIMUM);
        int iterations = 0;
        while (search.ended().isEmpty() && iterations < 200) {
            search.iterate();
            iterations++;
        }
        assertEquals(1, search.x()[0], OPTIMUM);
        assertEquals(1, search.x()[1], OPTIMUM);
        assertTrue(search.ended().isPresent(), "it knows that it has ended");
        assertTrue(search.evaluations() >= iterations && search.evaluations() < 200, "" + search.evaluations());
    }

    @Test
    void aLinearNetworkGetsToTheLeastSquares() {
        DataSet batch = Problems.batch(40, 5);
        MultiLayerNetwork net = Problems.linear(new Sgd(), 0);
        FullBatchLbfgs lbfgs = new FullBatchLbfgs(net, 10, 1e-14);
        for (int i = 0; i < 60 && lbfgs.ended().isEmpty(); i++) {
            lbfgs.fit(batch);
        }
        RealMatrix ones = new Array2DRowRealMatrix(40, 4);
        RealVector labels = new ArrayRealVector(40);
        for (int i = 0; i < 40; i++) {
            for (int j = 0; j < 3; j++) {
                ones.setEntry(i, j, batch.getFeatures().getDouble(i, j));
            }
            ones.setEntry(i, 3, 1);
            labels.setEntry(i, batch.getLabels().getDouble(i, 0));
        }
        double[] best = new QRDecomposition(ones).getSolver().solve(labels).toArray();
        for (int j = 0; j < 4; j++) {
            assertEquals(best[j], net.params().getDouble(j), OPTIMUM);
        }
    }

    @Test
    void theScoreIsTheLossBeforeTheStepAndItFalls() {
        DataSet batch = Problems.batch(30, 1);
        MultiLayerNetwork net = Problems.tanh(new Sgd(), 1e-3);
        double start = net.score(batch);
        FullBatchLbfgs lbfgs = new FullBatchLbfgs(net, 5, 1e-9);
        lbfgs.fit(batch);
        assertEquals(start, net.score(), OPTIMUM);
        double last = start;
        for (int i = 0; i < 10; i++) {
            lbfgs.fit(batch);
            assertTrue(net.score() < last, net.score() + " after " + last);
            last = net.score();
        }
        assertEquals(11, net.getIterationCount());
        assertTrue(lbfgs.passes() >= 12, "the start and a pass an iteration at least");
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        MultiLayerNetwork net = Problems.linear(new Sgd(), 0);
        assertThrows(IllegalArgumentException.class, () -> new FullBatchLbfgs(net, 0, 1e-9));
        assertThrows(IllegalArgumentException.class, () -> new FullBatchLbfgs(net, 10, -1));
    }
}
