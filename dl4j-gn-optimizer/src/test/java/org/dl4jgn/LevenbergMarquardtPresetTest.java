package org.dl4jgn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.conf.Egn;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.ops.transforms.Transforms;

/** The preset on a smooth function: the loss never rises, and falls further than first-order methods take it. */
class LevenbergMarquardtPresetTest {

    @Test
    void lossNeverRisesAndBecomesSmall() {
        MultiLayerNetwork net = GaussNewton.attach(new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(DataType.DOUBLE)
                .updater(Egn.levenbergMarquardt().build())
                .activation(Activation.TANH)
                .list()
                .layer(new DenseLayer.Builder().nIn(1).nOut(8).build())
                .layer(new OutputLayer.Builder(LossFunction.MSE)
                        .nIn(8)
                        .nOut(1)
                        .activation(Activation.IDENTITY)
                        .build())
                .build()));
        INDArray x = Nd4j.linspace(DataType.DOUBLE, -1, 2.0 / 49, 50).reshape(50, 1);
        INDArray y = Transforms.sin(x.mul(3));
        double last = Double.POSITIVE_INFINITY;
        boolean triedAgain = false;
        for (int i = 0; i < 150; i++) {
            net.fit(x, y);
            StepReport report = GaussNewton.report(net).orElseThrow();
            triedAgain |= report.outcome() == StepReport.Outcome.ACCEPTED && report.lineSearchEvaluations() > 1;
            assertTrue(report.lossAfter() <= report.lossBefore(), report::toString);
            assertTrue(report.lossBefore() <= last, report::toString);
            last = report.lossAfter();
        }
        assertTrue(last < 1e-6, String.valueOf(last));
        assertTrue(triedAgain, "a rejected damping was followed by another one in the same step");
    }

    @Test
    void settingsAreThoseOfTheMethod() {
        Egn settings = Egn.levenbergMarquardt().build();
        assertEquals(0, settings.momentum());
        assertEquals(0, settings.averaging());
        assertEquals(5, settings.tries());
        assertEquals(1e-3, settings.damping().value(settings.damping().initial(), 0));
    }
}
