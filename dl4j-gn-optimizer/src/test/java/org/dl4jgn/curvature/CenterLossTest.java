package org.dl4jgn.curvature;

import static org.dl4jgn.testing.Networks.normal;
import static org.dl4jgn.testing.Tolerances.DOUBLE;
import static org.dl4jgn.testing.Tolerances.FINITE_DIFFERENCE;
import static org.dl4jgn.testing.Tolerances.ROUNDING;
import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.CenterLossOutputLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.conf.Egn;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.testing.Dl4j;
import org.dl4jgn.testing.FiniteDifferences;
import org.dl4jgn.testing.Networks;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** {@code CenterLossOutputLayer}: a loss function, and λ/2 of the squared distance of its input to the center of the class. */
class CenterLossTest {

    private static final int B = 9;
    private static final int C = 3;
    private static final double ALPHA = 0.7;

    private static CenterLossOutputLayer center(LossFunction loss, Activation activation, boolean check) {
        return new CenterLossOutputLayer.Builder(loss)
                .nIn(2)
                .nOut(C)
                .activation(activation)
                .alpha(ALPHA)
                .lambda(0.3)
                .gradientCheck(check)
                .build();
    }

    private static MultiLayerNetwork network(CenterLossOutputLayer last, IUpdater updater) {
        MultiLayerNetwork net = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .seed(3)
                .updater(updater)
                .list()
                .layer(Networks.dense(4, 5, Activation.TANH))
                .layer(Networks.dense(5, 2, Activation.TANH))
                .layer(last)
                .build());
        net.init();
        net.setParams(normal(1, 0.5, 1, net.numParams()));
        return net;
    }

    private static INDArray features() {
        return normal(2, 1.0, B, 4);
    }

    private static INDArray labels() {
        INDArray labels = Nd4j.zeros(DataType.DOUBLE, B, C);
        for (int i = 0; i < B; i++) {
            labels.putScalar(i, i % 4 % C, 1.0); // the first class twice as often
        }
        return labels;
    }

    private static @Nullable INDArray mask(boolean masked) {
        return masked ? Networks.bits(9, B, 1) : null;
    }

    static Stream<Arguments> cases() {
        return Stream.of(
                Arguments.of(LossFunction.MCXENT, Activation.SOFTMAX, false),
                Arguments.of(LossFunction.MCXENT, Activation.SOFTMAX, true),
                Arguments.of(LossFunction.SQUARED_LOSS, Activation.SOFTMAX, false),
                Arguments.of(LossFunction.XENT, Activation.SIGMOID, true));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void lossAndGradientAreThoseOfDl4j(LossFunction loss, Activation activation, boolean masked) {
        MultiLayerNetwork net = network(center(loss, activation, false), new Sgd(0.1));
        Dl4j expected = Dl4j.of(net, features(), labels(), mask(masked));
        try (Linearization at = GaussNewton.linearize(net).at(features(), labels(), mask(masked))) {
            assertClose(expected.score(), at.loss(), DOUBLE, "loss");
            assertClose(Dl4j.withoutStatistics(net, expected.gradient()), at.gradient(), DOUBLE, "gradient");
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void productsAreDerivativesAndTransposes(LossFunction loss, Activation activation, boolean masked) {
        MultiLayerNetwork net = network(center(loss, activation, false), new Sgd(0.1));
        INDArray v = Dl4j.withoutStatistics(net, normal(5, 1.0, net.numParams()));
        INDArray w = Dl4j.withoutStatistics(net, normal(6, 1.0, net.numParams()));
        try (Linearization at = GaussNewton.linearize(net).at(features(), labels(), mask(masked))) {
            INDArray jv = at.jvp(v);
            INDArray u = normal(7, 1.0, jv.shape());
            assertClose(dot(u, jv), dot(at.vjp(u), v), ROUNDING, "⟨u, Jv⟩");
            assertClose(dot(w, at.ggnVectorProduct(v)), dot(v, at.ggnVectorProduct(w)), ROUNDING, "⟨w, Hv⟩");
            assertTrue(dot(at.ggnVectorProduct(v), v) > 0);
            assertClose(
                    FiniteDifferences.along(
                            net,
                            v,
                            () -> at.at(features(), labels(), mask(masked)).preOutput()),
                    jv,
                    FINITE_DIFFERENCE,
                    "Jv");
        }
    }

    /** With outputs that do not depend on the parameters, the loss is a squared distance, and its matrix is the Hessian. */
    @Test
    void curvatureOfTheDistanceIsExact() {
        MultiLayerNetwork net = network(center(LossFunction.MCXENT, Activation.SOFTMAX, false), new Sgd(0.1));
        net.getLayer(2).getParam("W").assign(0.0);
        INDArray v = Nd4j.zeros(DataType.DOUBLE, net.numParams());
        // biases of the layer below: its slopes are those of tanh, and the residuals vanish where x is at its center
        INDArray first = net.feedForward(features()).get(2);
        try (Linearization at = GaussNewton.linearize(net).at(features(), labels())) {
            long offset = net.getLayer(0).numParams() + 10;
            v.putScalar(offset, 1.0);
            double expected = 0;
            for (int i = 0; i < B; i++) {
                double slope = 1 - Math.pow(first.getDouble(i, 0), 2);
                expected += 0.3 * slope * slope / B;
            }
            assertClose(expected, dot(v, at.ggnVectorProduct(v)), ROUNDING, "⟨v, Hv⟩");
        }
    }

    private static double dot(INDArray a, INDArray b) {
        return a.reshape(a.length()).mul(b.reshape(b.length())).sumNumber().doubleValue();
    }

    /** DL4J's rule: c − (α/b) Σ y (c − x)/(1 + Σ y), or α λ/b for its gradient checks. */
    private static INDArray moved(INDArray centers, INDArray x, boolean check) {
        INDArray y = labels();
        INDArray sum = y.transpose().mmul(y.mmul(centers).sub(x)).mul(ALPHA / B);
        return centers.sub(
                check ? sum.mul(0.3) : sum.divColumnVector(y.sum(0).add(1).reshape(C, 1)));
    }

    @Test
    void centersMoveByDl4jsRule() {
        for (boolean check : List.of(false, true)) {
            MultiLayerNetwork dl4j = network(center(LossFunction.MCXENT, Activation.SOFTMAX, check), new Sgd(0.0));
            INDArray before = dl4j.getLayer(2).getParam("cL").dup();
            dl4j.fit(features(), labels());
            INDArray still = dl4j.feedForward(features()).get(2);
            assertClose(moved(before, still, check), dl4j.getLayer(2).getParam("cL"), DOUBLE, "DL4J's centers");

            for (IUpdater updater : List.of(Sgn.builder().build(), Egn.builder().build())) {
                MultiLayerNetwork net =
                        GaussNewton.attach(network(center(LossFunction.MCXENT, Activation.SOFTMAX, check), updater));
                net.fit(features(), labels());
                INDArray x = net.feedForward(features()).get(2);
                assertTrue(x.distance2(still) > 1e-3, "a step was taken");
                assertClose(moved(before, x, check), net.getLayer(2).getParam("cL"), DOUBLE, "centers");
            }
        }
    }

    @Test
    void aGraphIsTrainedSavedAndReadAgain(@TempDir Path folder) throws IOException {
        ComputationGraph net = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .seed(3)
                .l2(0.001)
                .updater(Sgn.builder().build())
                .graphBuilder()
                .addInputs("in")
                .addLayer(
                        "d",
                        new DenseLayer.Builder()
                                .nIn(4)
                                .nOut(2)
                                .activation(Activation.TANH)
                                .build(),
                        "in")
                .addLayer("out", center(LossFunction.MCXENT, Activation.SOFTMAX, false), "d")
                .setOutputs("out")
                .build());
        net.init();
        GaussNewton.attach(net);
        // the class is seen in the features
        INDArray x = normal(2, 0.3, B, 4);
        x.get(org.nd4j.linalg.indexing.NDArrayIndex.all(), org.nd4j.linalg.indexing.NDArrayIndex.interval(0, C))
                .addi(labels());
        DataSet data = new DataSet(x, labels());
        double start = net.score(data);
        // as centers move, the same mini-batch does not have the same loss again, and steps are as short as among many
        for (int i = 0; i < 100; i++) {
            net.fit(data);
        }
        assertTrue(net.score(data) < start / 3, () -> start + " to " + net.score(data));
        File file = folder.resolve("net.zip").toFile();
        net.save(file, true);
        ComputationGraph read = GaussNewton.attach(ComputationGraph.load(file, true));
        assertEquals(net.params(), read.params());
        double saved = net.score(data);
        for (int i = 0; i < 3; i++) {
            net.fit(data);
            read.fit(data);
            // the centers are not in the state, and validation must not ask for those of before
            assertEquals(net.params(), read.params());
        }
        assertTrue(read.score(data) <= saved, () -> saved + " to " + read.score(data));
    }
}
