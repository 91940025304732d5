package org.dl4jgn.bench.rivals;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;

class AgreeingMeanTest {

    private static AgreeingMean of(double threshold, double[]... gradients) {
        AgreeingMean mean = new AgreeingMean(threshold);
        for (double[] gradient : gradients) {
            mean.offer(Nd4j.createFromArray(gradient));
        }
        return mean;
    }

    private static void assertMean(AgreeingMean mean, double... expected) {
        assertEquals(true, mean.isAgreed());
        assertArrayEquals(expected, mean.mean().toDoubleVector(), 1e-15);
    }

    @Test
    void gradientsThatAgreeAreAveraged() {
        assertMean(of(0.9, new double[] {1, 0}, new double[] {3, 3}, new double[] {2, 0}), 2, 1);
    }

    @Test
    void anOrthogonalGradientIsLeftOutBelowOne() {
        assertMean(of(0.99, new double[] {1, 0}, new double[] {0, 5}, new double[] {3, 0}), 2, 0);
    }

    @Test
    void anOppositeGradientEntersOnlyAtTwo() {
        assertFalse(of(1.99, new double[] {1, 0}, new double[] {-3, 0}).isAgreed());
        assertMean(of(2, new double[] {1, 0}, new double[] {-3, 0}), -1, 0);
    }

    /** (1, 2) is at 1 − 1/√5 = 0.55 from the first gradient, but at 1 − 3/√10 = 0.05 from the mean with (0.5, 1.5). */
    @Test
    void theDistanceIsToTheMeanSoFar() {
        assertMean(of(0.4, new double[] {1, 0}, new double[] {1, 1}, new double[] {1, 2}), 1, 1);
        assertFalse(of(0.4, new double[] {1, 0}, new double[] {1, 2}).isAgreed());
    }

    @Test
    void aZeroGradientIsOrthogonalToAll() {
        assertFalse(of(0.9, new double[] {1, 0}, new double[] {0, 0}).isAgreed());
        assertMean(of(1, new double[] {1, 0}, new double[] {0, 0}), 0.5, 0);
    }

    @Test
    void oneGradientAloneIsNoAgreement() {
        assertFalse(of(2, new double[] {1, 0}).isAgreed());
    }
}
