package org.dl4jgn.curvature;

import static org.dl4jgn.testing.Failures.assertFails;
import static org.dl4jgn.testing.Tolerances.DOUBLE;
import static org.dl4jgn.testing.Tolerances.FINITE_DIFFERENCE;
import static org.dl4jgn.testing.Tolerances.assertClose;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToRnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.RnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.testing.FiniteDifferences;
import org.dl4jgn.testing.Networks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** An {@code EmbeddingLayer} on the steps of sequences, between the preprocessors that make examples of them and back. */
class EmbeddingOfStepsTest {

    private static final int CLASSES = 5;
    private static final int STEPS = 4;
    private static final int BATCH = 3;

    private static MultiLayerNetwork network() {
        MultiLayerNetwork net = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(3)
                .dataType(DataType.DOUBLE)
                .updater(new Sgd(0.1))
                .activation(Activation.TANH)
                .list()
                .layer(new EmbeddingLayer.Builder()
                        .nIn(CLASSES)
                        .nOut(3)
                        .hasBias(true)
                        .build())
                .layer(new LSTM.Builder().nIn(3).nOut(3).build())
                .layer(new RnnOutputLayer.Builder(LossFunction.MCXENT)
                        .nIn(3)
                        .nOut(2)
                        .dataFormat(RNNFormat.NCW)
                        .activation(Activation.SOFTMAX)
                        .build())
                .inputPreProcessor(0, new RnnToFeedForwardPreProcessor())
                .inputPreProcessor(1, new FeedForwardToRnnPreProcessor())
                .build());
        net.init();
        return net;
    }

    private static DataSet batch(boolean isMasked) {
        INDArray x = Nd4j.zeros(DataType.DOUBLE, BATCH, 1, STEPS);
        INDArray y = Nd4j.zeros(DataType.DOUBLE, BATCH, 2, STEPS);
        for (int i = 0; i < BATCH; i++) {
            for (int t = 0; t < STEPS; t++) {
                x.putScalar(i, 0, t, (2 * i + 3 * t) % CLASSES);
                y.putScalar(i, (i + t) % 2, t, 1);
            }
        }
        INDArray mask = Nd4j.ones(DataType.DOUBLE, BATCH, STEPS);
        mask.putScalar(1, STEPS - 1, 0);
        mask.putScalar(2, STEPS - 1, 0);
        mask.putScalar(2, STEPS - 2, 0);
        return isMasked ? new DataSet(x, y, mask, mask) : new DataSet(x, y);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void lossAndGradientAreThoseOfDl4j(boolean isMasked) {
        MultiLayerNetwork net = network();
        DataSet batch = batch(isMasked);
        try (Linearization at = GaussNewton.linearize(net).at(batch)) {
            assertClose(net.score(batch, true), at.loss(), DOUBLE, "loss");
            net.setInput(batch.getFeatures());
            net.setLabels(batch.getLabels());
            net.setLayerMaskArrays(batch.getFeaturesMaskArray(), batch.getLabelsMaskArray());
            net.computeGradientAndScore();
            INDArray gradient = net.getFlattenedGradients().div(BATCH).reshape(net.numParams());
            net.clearLayerMaskArrays();
            assertClose(gradient, at.gradient(), DOUBLE, "gradient");
        }
    }

    @Test
    void productsAreDerivativesAndRowsOfTheJacobian() {
        MultiLayerNetwork net = network();
        DataSet batch = batch(true);
        try (Linearization at = GaussNewton.linearize(net).at(batch)) {
            INDArray v = Networks.normal(5, 1, net.numParams());
            INDArray jv = at.jvp(v).dup('c');
            assertClose(at.jacobian().mmul(v.reshape(v.length(), 1)), jv.reshape(jv.length(), 1), DOUBLE, "J times v");
            assertClose(FiniteDifferences.along(net, v, () -> at.at(batch).preOutput()), jv, FINITE_DIFFERENCE, "Jv");
        }
    }

    @Test
    void anIndexOutOfRangeIsRefused() {
        DataSet batch = batch(false);
        batch.getFeatures().putScalar(1, 0, 2, CLASSES);
        try (Linearization at = GaussNewton.linearize(network())) {
            assertFails(
                    IllegalArgumentException.class,
                    () -> at.at(batch),
                    "Features of an embedding must hold class indices from 0 to 4, got 5.0");
        }
    }
}
