package org.dl4jgn;

import static org.dl4jgn.testing.Tolerances.assertClose;

import java.util.List;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.testing.Small;
import org.dl4jgn.testing.Tolerances;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/** With averaging the network's parameters are the weighted mean of the iterates that training without it goes through. */
class AveragingTest {

    private static final double POWER = 3;

    private final MultiLayerNetwork averaged =
            Small.attached(Sgn.builder().averaging(POWER).build());
    private final MultiLayerNetwork plain = Small.attached(Sgn.builder().build());

    @Test
    void parametersAreTheMeanOfTheIterates() {
        assertMean(plain.params().dup(), 4);
    }

    @Test
    void parametersThatSomebodySetsAreAStartAnew() {
        assertMean(plain.params().dup(), 2);
        INDArray other = plain.params().mul(0.5);
        averaged.setParams(other.dup());
        plain.setParams(other.dup());
        assertMean(other, 3);
    }

    /** x₁ = θ₁, then x ← x + w(θₜ − x), w = (r + 1)/(t + r). */
    private void assertMean(INDArray start, int passes) {
        INDArray mean = start;
        int t = 0;
        List<DataSet> batches = Small.batches();
        for (int pass = 0; pass < passes; pass++) {
            for (DataSet batch : batches) {
                averaged.fit(batch);
                plain.fit(batch);
                t++;
                mean = mean.add(plain.params().sub(mean).mul((POWER + 1) / (t + POWER)));
                assertClose(mean, averaged.params(), Tolerances.DOUBLE, "mean of " + t + " iterates");
            }
        }
    }
}
