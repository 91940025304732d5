package org.dl4jgn.bench.rivals;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.curvature.Linearization;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Sgd;

class BatchGradientTest {

    private static final double ROUNDING = 1e-12;

    /** The library's gradient is tested against finite differences and independent vectors. */
    @Test
    void isTheGradientOfTheMeanLossWithL2() {
        MultiLayerNetwork net = Problems.tanh(new Sgd(0.1), 0.3);
        DataSet batch = Problems.batch(7, 1);
        INDArray found = net.params().ulike();
        new BatchGradient(net, "test").ofScore(batch, found);
        try (Linearization at = GaussNewton.linearize(net)) {
            at.at(batch.getFeatures(), batch.getLabels());
            assertArrayEquals(at.gradient().toDoubleVector(), found.toDoubleVector(), ROUNDING);
            assertEquals(at.loss(), net.score(), ROUNDING);
        }
    }
}
