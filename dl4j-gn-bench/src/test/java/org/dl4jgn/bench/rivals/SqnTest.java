package org.dl4jgn.bench.rivals;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apache.commons.math3.stat.regression.OLSMultipleLinearRegression;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

class SqnTest {

    private static final double ROUNDING = 1e-12;

    /** Least squares are a quadratic of four parameters: pairs are exact, and a memory of four holds all of it. */
    @Test
    void findsTheMinimumOfAQuadratic() {
        MultiLayerNetwork net = Problems.linear(new Sgd(1), 0);
        DataSet batch = Problems.batch(30, 1);
        Sqn sqn = new Sqn(net, 1, 4, 0);
        for (int step = 0; step < 40; step++) {
            sqn.fit(batch);
        }
        OLSMultipleLinearRegression exact = new OLSMultipleLinearRegression();
        exact.newSampleData(
                batch.getLabels().toDoubleVector(), batch.getFeatures().toDoubleMatrix());
        double[] beta = exact.estimateRegressionParameters(); // the intercept first
        assertArrayEquals(
                new double[] {beta[1], beta[2], beta[3], beta[0]}, net.params().toDoubleVector(), 1e-9);
    }

    /** s₀ = −ηg/‖g‖₁, then s₁ = −ηH₁g, H₁ by the dense formula for one pair. */
    @Test
    void theFirstTwoStepsAreTheFormulas() {
        double eta = 0.7;
        double lambda = 0.4;
        double l2 = 0.2;
        DataSet batch = Problems.batch(9, 2);
        MultiLayerNetwork net = Problems.tanh(new Sgd(1), l2);
        MultiLayerNetwork reference = net.clone();
        INDArray theta = reference.params();
        Sqn sqn = new Sqn(net, eta, 5, lambda);

        INDArray g0 = gradient(reference, batch);
        assertTrue(g0.norm1Number().doubleValue() > 1, "the first step is shortened");
        INDArray s = g0.mul(-eta / g0.norm1Number().doubleValue());
        theta.addi(s);
        sqn.fit(batch);
        assertArrayEquals(theta.toDoubleVector(), net.params().toDoubleVector(), ROUNDING);

        INDArray g1 = gradient(reference, batch);
        INDArray y = g1.sub(g0).add(s.mul(lambda));
        double sy = dot(s, y);
        double gamma = sy / dot(y, y);
        // H₁g = γ(g − y·a − s·(yᵀ(g − y·a))/sᵀy) + s·a with a = sᵀg / sᵀy
        double a = dot(s, g1) / sy;
        INDArray q = g1.sub(y.mul(a)).mul(gamma);
        theta.subi(q.add(s.mul(a - dot(y, q) / sy)).mul(eta));
        sqn.fit(batch);
        assertArrayEquals(theta.toDoubleVector(), net.params().toDoubleVector(), ROUNDING);
        assertEquals(2, net.getIterationCount());
    }

    @Test
    void powellsDampingKeepsTheCurvaturePositive() {
        INDArray s = Nd4j.createFromArray(1.0, 2.0);
        INDArray bs = Nd4j.createFromArray(2.0, 1.0); // sᵀBs = 4
        INDArray negative = Nd4j.createFromArray(-3.0, 1.0);
        assertEquals(0.2 * 4, dot(s, Sqn.powellDamped(s, negative, bs)), ROUNDING);
        INDArray positive = Nd4j.createFromArray(1.0, 1.0);
        assertSame(positive, Sqn.powellDamped(s, positive, bs));
    }

    @Test
    void learnsFromDifferentMiniBatches() {
        MultiLayerNetwork net = Problems.tanh(new Sgd(1), 0);
        DataSet test = Problems.batch(200, 1000);
        double start = net.score(test);
        Sqn sqn = new Sqn(net, 0.2, 10, 0.1);
        for (int step = 0; step < 150; step++) {
            sqn.fit(Problems.batch(50, step));
        }
        // The labels' noise, uniform in (−1, 1), leaves ⅓.
        assertTrue(net.score(test) < 0.45, net.score(test) + " from " + start);
    }

    @ParameterizedTest
    @CsvSource({"0, 5, 0, learningRate", "NaN, 5, 0, learningRate", "1, 0, 0, memory", "1, 5, -1, damping"})
    void wrongSettingsAreNamed(double rate, int memory, double damping, String name) {
        MultiLayerNetwork net = Problems.linear(new Sgd(1), 0);
        Exception e = assertThrows(IllegalArgumentException.class, () -> new Sqn(net, rate, memory, damping));
        assertTrue(e.getMessage().startsWith(name), e.getMessage());
    }

    @Test
    void dropoutIsRefused() {
        MultiLayerNetwork net = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .dropOut(0.5)
                .list()
                .layer(new OutputLayer.Builder().nIn(2).nOut(2).build())
                .build());
        net.init();
        Exception e = assertThrows(IllegalArgumentException.class, () -> new Sqn(net, 1, 5, 0));
        assertTrue(e.getMessage().contains("dropout (layer 0)"), e.getMessage());
    }

    private static INDArray gradient(MultiLayerNetwork net, DataSet batch) {
        INDArray result = net.params().ulike();
        new BatchGradient(net, "test").ofScore(batch, result);
        return result;
    }

    private static double dot(INDArray a, INDArray b) {
        return a.mul(b).sumNumber().doubleValue();
    }
}
