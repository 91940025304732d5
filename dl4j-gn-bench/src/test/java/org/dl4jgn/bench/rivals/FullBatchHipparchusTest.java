package org.dl4jgn.bench.rivals;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.leastsquares.Residuals;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Sgd;

class FullBatchHipparchusTest {

    private static final double OPTIMUM = 1e-6;

    /** r = (1 − x, 10 (y − x²)). */
    private static final Residuals ROSENBROCK = new Residuals() {
        @Override
        public int count() {
            return 2;
        }

        @Override
        public int parameters() {
            return 2;
        }

        @Override
        public void values(double[] theta, double[] r) {
            r[0] = 1 - theta[0];
            r[1] = 10 * (theta[1] - theta[0] * theta[0]);
        }

        @Override
        public void jacobian(double[] theta, double[] j, int rows) {
            j[0] = -1;
            j[1] = -20 * theta[0];
            j[rows] = 0;
            j[rows + 1] = 10;
        }
    };

    @Test
    void rosenbrocksValleyIsWalkedToItsEndOneEvaluationAtATime() {
        try (HipparchusSearch search = new HipparchusSearch(ROSENBROCK, new double[] {-1.2, 1})) {
            search.next();
            assertEquals(24.2, search.sumOfSquares(), OPTIMUM);
            assertEquals(1, search.evaluations());
            int steps = 1;
            while (search.ended().isEmpty() && steps < 200) {
                search.next();
                steps++;
            }
            assertEquals(1, search.parameters()[0], OPTIMUM);
            assertEquals(1, search.parameters()[1], OPTIMUM);
            assertTrue(search.ended().isPresent(), "it knows that it has ended");
            assertTrue(Math.abs(steps - search.evaluations()) <= 1, steps + " steps");
        }
    }

    @Test
    void aNetworkGetsToAMinimumThatBreezeFindsToo() {
        DataSet batch = Problems.batch(40, 5);
        MultiLayerNetwork net = Problems.linear(new Sgd(), 0);
        MultiLayerNetwork other = net.clone();
        FullBatchLbfgs lbfgs = new FullBatchLbfgs(other, 10, 1e-14);
        for (int i = 0; i < 60 && lbfgs.ended().isEmpty(); i++) {
            lbfgs.fit(batch);
        }
        double start = net.score(batch);
        try (FullBatchHipparchus method = new FullBatchHipparchus(net)) {
            method.fit(batch);
            assertEquals(start, net.score(), OPTIMUM);
            for (int i = 0; i < 20 && method.ended().isEmpty(); i++) {
                method.fit(batch);
            }
            assertEquals(other.score(batch), net.score(batch), OPTIMUM);
            assertEquals(other.params().getDouble(2), net.params().getDouble(2), OPTIMUM);
        }
    }

    @Test
    void whatIsGivenUpLeavesNoThreadBehind() {
        HipparchusSearch search = new HipparchusSearch(ROSENBROCK, new double[] {-1.2, 1});
        search.next();
        search.close();
        assertFalse(Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals("hipparchus-lm")));
    }
}
