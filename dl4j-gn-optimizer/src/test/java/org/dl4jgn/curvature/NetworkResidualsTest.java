package org.dl4jgn.curvature;

import static org.dl4jgn.testing.ResidualValues.values;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.leastsquares.LeastSquaresResult;
import org.dl4jgn.leastsquares.LevenbergMarquardt;
import org.dl4jgn.testing.Tolerances;
import org.dl4jgn.translate.UnsupportedNetworkException;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** DL4J's networks as residuals: their squares are DL4J's score, their derivatives those of differences. */
class NetworkResidualsTest {

    private final INDArray features = Nd4j.rand(DataType.DOUBLE, 7, 3).subi(0.5);
    private final INDArray labels = Nd4j.rand(DataType.DOUBLE, 7, 2).subi(0.5);

    private static MultiLayerNetwork network(DataType type, LossFunction loss, Activation activation) {
        MultiLayerNetwork net = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(5)
                .dataType(type)
                .activation(Activation.TANH)
                .list()
                .layer(new DenseLayer.Builder().nIn(3).nOut(4).build())
                .layer(new OutputLayer.Builder(loss)
                        .nIn(4)
                        .nOut(2)
                        .activation(activation)
                        .build())
                .build());
        net.init();
        return net;
    }

    @Test
    void squaresAreTheScoreAndDerivativesThoseOfDifferences() {
        for (LossFunction loss : new LossFunction[] {LossFunction.MSE, LossFunction.L2}) {
            MultiLayerNetwork net = network(DataType.DOUBLE, loss, Activation.IDENTITY);
            try (NetworkResiduals residuals = GaussNewton.leastSquares(net, features, labels)) {
                double[] theta = residuals.start();
                double sum = 0;
                for (double r : values(residuals, theta, theta, 0)) {
                    sum += r * r;
                }
                assertEquals(net.score(new DataSet(features, labels), true), sum, Tolerances.ROUNDING);
                int rows = residuals.count() + 3;
                double[] j = new double[rows * theta.length];
                residuals.jacobian(theta, j, rows);
                for (int column = 0; column < theta.length; column++) {
                    double[] unit = new double[theta.length];
                    unit[column] = 1;
                    double[] up = values(residuals, theta, unit, 1e-5);
                    double[] down = values(residuals, theta, unit, -1e-5);
                    for (int i = 0; i < residuals.count(); i++) {
                        assertEquals((up[i] - down[i]) / 2e-5, j[column * rows + i], Tolerances.FINITE_DIFFERENCE);
                    }
                }
            }
        }
    }

    /** More parameters than residuals: the loss goes to zero, and DL4J sees it there. */
    @Test
    void fitTakesTheScoreToZero() {
        MultiLayerNetwork net = network(DataType.DOUBLE, LossFunction.MSE, Activation.IDENTITY);
        try (NetworkResiduals residuals = GaussNewton.leastSquares(net, features, labels)) {
            LeastSquaresResult result =
                    residuals.fit(LevenbergMarquardt.builder().target(1e-20).build());
            assertTrue(result.isConverged(), result::toString);
        }
        assertTrue(net.score(new DataSet(features, labels)) <= 2e-20);
    }

    private void refused(MultiLayerNetwork net) {
        assertThrows(UnsupportedNetworkException.class, () -> GaussNewton.leastSquares(net, features, labels));
    }

    @Test
    void whatIsNoLeastSquaresInDoubleIsRefused() {
        refused(network(DataType.FLOAT, LossFunction.MSE, Activation.IDENTITY));
        refused(network(DataType.DOUBLE, LossFunction.XENT, Activation.SIGMOID));
        refused(network(DataType.DOUBLE, LossFunction.MSE, Activation.TANH));
    }
}
