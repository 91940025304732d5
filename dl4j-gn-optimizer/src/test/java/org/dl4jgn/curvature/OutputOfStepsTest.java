package org.dl4jgn.curvature;

import static org.dl4jgn.testing.Failures.assertFails;
import static org.dl4jgn.testing.Networks.normal;
import static org.dl4jgn.testing.Tolerances.DOUBLE;
import static org.dl4jgn.testing.Tolerances.FINITE_DIFFERENCE;
import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.conf.Egn;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.testing.Dl4j;
import org.dl4jgn.testing.FiniteDifferences;
import org.dl4jgn.testing.Networks;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import org.nd4j.linalg.lossfunctions.impl.LossSparseMCXENT;

/**
 * An OutputLayer right behind a layer of sequences: DL4J puts a preprocessor before it that makes examples of the steps, all
 * first steps first, and takes labels in that order. Its score is a mean over all steps.
 */
class OutputOfStepsTest {

    private static final int B = 4;
    private static final int T = 5;
    private static final int C = 3;

    private static MultiLayerNetwork network(boolean recurrent, ILossFunction loss, IUpdater updater) {
        Layer first = recurrent
                ? new LSTM.Builder().nOut(3).build()
                : new Convolution1DLayer.Builder()
                        .kernelSize(3)
                        .padding(1)
                        .nOut(3)
                        .activation(Activation.TANH)
                        .build();
        MultiLayerNetwork net = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .seed(5)
                .updater(updater)
                .list()
                .layer(first)
                .layer(new OutputLayer.Builder(loss)
                        .nOut(C)
                        .activation(loss instanceof LossMSE ? Activation.TANH : Activation.SOFTMAX)
                        .build())
                .setInputType(InputType.recurrent(2))
                .build());
        net.init();
        net.setParams(normal(1, 0.5, 1, net.numParams()));
        return net;
    }

    private static INDArray features() {
        return normal(2, 1.0, B, 2, T);
    }

    private static INDArray labels() {
        INDArray labels = Nd4j.zeros(DataType.DOUBLE, B * T, C);
        for (int i = 0; i < B * T; i++) {
            labels.putScalar(i, (i * i + i / 3) % C, 1.0);
        }
        return labels;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void lossIsTheScoreAndGradientItsDerivative(boolean recurrent) {
        List<@Nullable INDArray> masks = new ArrayList<>();
        masks.add(null);
        masks.add(Networks.bits(9, B * T, 1));
        for (ILossFunction loss : List.of(new LossMCXENT(), new LossMSE(), new LossSparseMCXENT())) {
            MultiLayerNetwork net = network(recurrent, loss, new Sgd(0.1));
            INDArray x = features();
            INDArray y = loss instanceof LossSparseMCXENT
                    ? labels().argMax(1).castTo(DataType.DOUBLE).reshape(B * T, 1)
                    : labels();
            for (INDArray mask : masks) {
                Dl4j expected = Dl4j.of(net, x, y, mask);
                try (Linearization at = GaussNewton.linearize(net).at(x, y, mask)) {
                    assertClose(expected.score(), at.loss(), DOUBLE, "loss");
                    // DL4J's gradient is a sum over the steps and a mean over the examples, its score a mean over both
                    INDArray gradient = at.gradient();
                    INDArray v = normal(4, 1.0, net.numParams());
                    double slope = FiniteDifferences.along(
                            net, v, () -> at.at(x, y, mask).loss());
                    assertClose(slope, gradient.mul(v).sumNumber().doubleValue(), FINITE_DIFFERENCE, "⟨g, v⟩");
                }
            }
        }
    }

    @Test
    void gradientIsDl4jsOverTheNumberOfSteps() {
        MultiLayerNetwork net = network(false, new LossMCXENT(), new Sgd(0.1));
        Dl4j expected = Dl4j.of(net, features(), labels(), null);
        try (Linearization at = GaussNewton.linearize(net).at(features(), labels())) {
            assertClose(expected.gradient().div(T), at.gradient(), DOUBLE, "gradient");
        }
    }

    @Test
    void rowsOfTheJacobianAreInDl4jsOrder() {
        MultiLayerNetwork net = network(true, new LossMCXENT(), new Sgd(0.1));
        INDArray v = normal(4, 1.0, net.numParams());
        try (Linearization at = GaussNewton.linearize(net).at(features(), labels())) {
            INDArray jv = at.jvp(v).dup('c');
            assertClose(jv.reshape(jv.length(), 1), at.jacobian().mmul(v.reshape(v.length(), 1)), DOUBLE, "J times v");
            assertTrue(at.ggnVectorProduct(v).mul(v).sumNumber().doubleValue() > 0);
            assertClose(
                    FiniteDifferences.along(
                            net, v, () -> at.at(features(), labels()).preOutput()),
                    at.at(features(), labels()).jvp(v),
                    FINITE_DIFFERENCE,
                    "Jv");
        }
    }

    @Test
    void bothOptimizersTrain() {
        for (IUpdater updater : List.of(Sgn.builder().build(), Egn.builder().build())) {
            MultiLayerNetwork net = GaussNewton.attach(network(false, new LossMSE(), updater));
            // of each step the first feature, all first steps first
            INDArray y = Nd4j.zeros(DataType.DOUBLE, B * T, C);
            for (int i = 0; i < B * T; i++) {
                y.putScalar(i, 0, Math.tanh(features().getDouble(i % B, 0, i / B)));
            }
            DataSet data = new DataSet(features(), y);
            double before = net.score(data);
            for (int i = 0; i < 30; i++) {
                net.fit(data);
            }
            assertTrue(net.score(data) < before / 5, () -> before + " to " + net.score(data));
        }
    }

    @Test
    void labelsOfSequencesAreRefused() {
        MultiLayerNetwork net = network(false, new LossMCXENT(), new Sgd(0.1));
        try (Linearization at = GaussNewton.linearize(net)) {
            assertFails(IllegalArgumentException.class, () -> at.at(features(), normal(3, 1.0, B, C, T)), "[20, 3]");
        }
    }
}
