package org.dl4jgn.curvature;

import static org.dl4jgn.testing.Networks.normal;
import static org.dl4jgn.testing.Networks.output;
import static org.dl4jgn.testing.Tolerances.FINITE_DIFFERENCE;
import static org.dl4jgn.testing.Tolerances.ROUNDING;
import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.TreeSet;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.dropout.SpatialDropout;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.conf.Egn;
import org.dl4jgn.testing.Dl4j;
import org.dl4jgn.testing.FiniteDifferences;
import org.dl4jgn.testing.Networks;
import org.dl4jgn.testing.PosedNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** Layer normalization of dense layers, and dropout of whole channels. */
class NormalizationTest {

    private static final INDArray X = normal(2, 1.0, 6, 3);
    private static final INDArray Y = normal(3, 1.0, 6, 2);

    private static MultiLayerNetwork normalized(boolean hasBias, Activation activation, IUpdater updater) {
        return Networks.of(
                DataType.DOUBLE,
                conf -> conf.updater(updater),
                new DenseLayer.Builder()
                        .nIn(3)
                        .nOut(5)
                        .activation(activation)
                        .hasBias(hasBias)
                        .hasLayerNorm(true)
                        .build(),
                new DenseLayer.Builder()
                        .nIn(5)
                        .nOut(4)
                        .activation(activation)
                        .hasLayerNorm(true)
                        .build(),
                output(4, 2, Activation.IDENTITY, new LossMSE()));
    }

    @ParameterizedTest
    @CsvSource({"true, TANH", "false, TANH", "true, SOFTPLUS"})
    void layerNormalizationIsDl4js(boolean hasBias, Activation activation) {
        MultiLayerNetwork net = normalized(hasBias, activation, new Sgd(0.1));
        Dl4j expected = Dl4j.of(net, X, Y, null);
        INDArray v = normal(4, 1.0, net.numParams());
        INDArray u = normal(5, 1.0, 6, 2);
        try (Linearization at = GaussNewton.linearize(net)) {
            INDArray jv = FiniteDifferences.along(net, v, () -> at.at(X, Y).preOutput());
            at.at(X, Y);
            assertClose(expected.score(), at.loss(), ROUNDING, "loss");
            assertClose(expected.gradient(), at.gradient(), ROUNDING, "gradient");
            assertClose(jv, at.jvp(v), FINITE_DIFFERENCE, "Jv");
            assertClose(
                    u.mul(at.jvp(v)).sumNumber().doubleValue(),
                    v.mul(at.vjp(u)).sumNumber().doubleValue(),
                    ROUNDING,
                    "⟨u, Jv⟩");
        }
    }

    /** Its rows are not formed, so that the exact system is solved by products. */
    @Test
    void aNormalizedNetworkTrains() {
        MultiLayerNetwork net = GaussNewton.attach(
                normalized(true, Activation.TANH, Egn.builder().build()));
        double before = net.score(new DataSet(X, Y));
        for (int i = 0; i < 20; i++) {
            net.fit(X, Y);
        }
        assertTrue(net.score(new DataSet(X, Y)) < 0.5 * before);
    }

    /** Each channel of an example is kept as a whole, times 1/p, or dropped as a whole. */
    @Test
    void spatialDropoutDrawsOnceForAllPositionsOfAChannel() {
        double p = 0.4;
        int channels = 3;
        MultiLayerNetwork net = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .seed(5)
                .updater(new Sgd(0.1))
                .list()
                .layer(new ConvolutionLayer.Builder(1, 1)
                        .nOut(channels)
                        .activation(Activation.IDENTITY)
                        .dropOut(new SpatialDropout(p))
                        .build())
                .layer(new OutputLayer.Builder(new LossMSE())
                        .nOut(2)
                        .activation(Activation.IDENTITY)
                        .build())
                .setInputType(InputType.convolutional(2, 4, channels))
                .build());
        net.init();
        INDArray w = net.getLayer(0).getParam("W").assign(0.0);
        for (int k = 0; k < channels; k++) {
            w.putScalar(new int[] {k, k, 0, 0}, 1.0);
        }
        int examples = 300;
        INDArray x = normal(8, 1.0, examples, channels, 2, 4);
        int kept = 0;
        Set<Double> factors = new TreeSet<>();
        try (PosedNetwork at = new PosedNetwork(net, x, normal(9, 1.0, examples, 2))) {
            INDArray passed = at.point().activations().values().iterator().next();
            for (int i = 0; i < examples; i++) {
                for (int k = 0; k < channels; k++) {
                    double factor = passed.getDouble(i, k, 0, 0) / x.getDouble(i, k, 0, 0);
                    factors.add(Math.abs(Math.rint(factor * 1e9) / 1e9));
                    kept += factor > 0 ? 1 : 0;
                    for (int h = 0; h < 2; h++) {
                        for (int l = 0; l < 4; l++) {
                            assertEquals(factor * x.getDouble(i, k, h, l), passed.getDouble(i, k, h, l), 1e-12);
                        }
                    }
                }
            }
        }
        assertEquals(Set.of(0.0, 1 / p), factors);
        int n = examples * channels;
        assertEquals(p, kept / (double) n, 5 * Math.sqrt(p * (1 - p) / n));
    }
}
