package org.dl4jgn;

import static org.dl4jgn.testing.Networks.normal;
import static org.dl4jgn.testing.Networks.output;
import static org.dl4jgn.testing.Tolerances.ROUNDING;
import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.conf.Damping;
import org.dl4jgn.conf.Egn;
import org.dl4jgn.conf.GaussNewtonUpdater;
import org.dl4jgn.conf.LineSearch;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.testing.Networks;
import org.dl4jgn.testing.Small;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** l1 makes parameters zero, exactly, and what is minimized is DL4J's score; weight decay is DL4J's, beside the step. */
class SparsityTest {

    private static final int INPUTS = 8;
    private static final INDArray X = normal(2, 1.0, 40, INPUTS);
    private static final INDArray Y =
            X.getColumns(1, 4).mmul(normal(3, 1.0, 2, 1)).addi(0.4).addi(normal(5, 0.1, 40, 1));
    private static final double L1 = 0.3;

    private static MultiLayerNetwork line(
            GaussNewtonUpdater updater, UnaryOperator<NeuralNetConfiguration.Builder> with) {
        return GaussNewton.attach(Networks.of(
                DataType.DOUBLE,
                conf -> with.apply(conf.updater(updater)),
                output(INPUTS, 1, Activation.IDENTITY, new LossMSE())));
    }

    /** argmin of (1/b) Σ (xᵢᵀw + β − yᵢ)² + λ‖w‖₁ by coordinate descent; β last. */
    private static double[] lasso() {
        double[] w = new double[INPUTS + 1];
        int b = (int) X.size(0);
        for (int sweep = 0; sweep < 2000; sweep++) {
            for (int k = 0; k <= INPUTS; k++) {
                double slope = 0;
                double squares = 0;
                for (int i = 0; i < b; i++) {
                    double residual = Y.getDouble(i) - w[INPUTS];
                    for (int j = 0; j < INPUTS; j++) {
                        residual -= X.getDouble(i, j) * w[j];
                    }
                    double x = k == INPUTS ? 1 : X.getDouble(i, k);
                    slope += 2 * x * (residual + x * w[k]) / b;
                    squares += 2 * x * x / b;
                }
                double shrunk = k == INPUTS ? slope : Math.signum(slope) * Math.max(0, Math.abs(slope) - L1);
                w[k] = shrunk / squares;
            }
        }
        return w;
    }

    static Stream<GaussNewtonUpdater> optimizers() {
        return Stream.of(
                Sgn.builder().build(),
                Egn.builder().build(),
                Sgn.paper().build(),
                Egn.paper().build(),
                Sgn.builder()
                        .damping(Damping.trustRegion(1))
                        .lineSearch(LineSearch.armijo())
                        .cgIterations(10)
                        .build(),
                Egn.builder()
                        .damping(Damping.constant(1e-3))
                        .lineSearch(LineSearch.armijo())
                        .momentum(0.5)
                        .build());
    }

    /** On a convex problem with one minimum: the zeros are those of coordinate descent, and exactly zero. */
    @ParameterizedTest
    @MethodSource("optimizers")
    void theLassoIsFound(GaussNewtonUpdater updater) {
        MultiLayerNetwork net = line(updater, conf -> conf.l1(L1));
        for (int i = 0; i < 300; i++) {
            net.fit(X, Y);
        }
        double[] expected = lasso();
        double[] actual = net.params().toDoubleVector();
        assertTrue(Arrays.stream(expected).filter(w -> w == 0).count() >= 4, () -> Arrays.toString(expected));
        for (int k = 0; k < expected.length; k++) {
            String what = k + " of " + Arrays.toString(actual) + ", expected " + Arrays.toString(expected);
            if (expected[k] == 0) {
                assertEquals(0.0, Math.abs(actual[k]), what);
            } else {
                assertEquals(expected[k], actual[k], 1e-3, what);
            }
        }
    }

    /** Score, loss in the report and gradient: those of DL4J's Sgd, where no parameter is zero. */
    @Test
    void scoreAndGradientAreDl4js() {
        List<Consumer<NeuralNetConfiguration.Builder>> settings = List.of(
                conf -> conf.l1(0.3),
                conf -> conf.l1Bias(0.2),
                conf -> conf.l1(0.1).l2(0.2).l1Bias(0.3).l2Bias(0.1));
        for (Consumer<NeuralNetConfiguration.Builder> with : settings) {
            MultiLayerNetwork sgd = Small.network(new Sgd(1.0), with, Small.layers());
            MultiLayerNetwork sgn = GaussNewton.attach(
                    Small.network(Sgn.builder().lineSearch(LineSearch.armijo()).build(), with, Small.layers()));
            INDArray start = normal(7, 0.5, 1, sgn.numParams());
            sgn.setParams(start);
            sgd.setParams(start);
            DataSet data = Small.data(30);
            sgd.fit(data);
            sgn.fit(data);
            StepReport report = GaussNewton.report(sgn).orElseThrow();
            assertClose(sgd.score(), sgn.score(), ROUNDING, "score");
            assertClose(sgd.score(), report.lossBefore(), ROUNDING, "loss");
            assertClose(start.distance2(sgd.params()), report.gradientNorm(), ROUNDING, "gradient");
            assertClose(sgn.score(data, true), report.lossAfter(), ROUNDING, "the loss that the search has seen");
        }
    }

    @Test
    void aNetworkBecomesSparseAndGoesOnFromAFile() {
        for (GaussNewtonUpdater updater :
                List.of(Sgn.builder().build(), Egn.builder().build())) {
            MultiLayerNetwork net = GaussNewton.attach(Small.network(updater, conf -> conf.l1(0.02), Small.layers()));
            MultiLayerNetwork dense = GaussNewton.attach(Small.network(updater, conf -> {}, Small.layers()));
            DataSet data = Small.data(50);
            double before = net.score(data);
            for (int epoch = 0; epoch < 20; epoch++) {
                net.fit(Small.iterator());
                dense.fit(Small.iterator());
            }
            assertTrue(net.score(data) < 0.9 * before, () -> updater + ": " + before + " to " + net.score(data));
            assertTrue(zeros(net) >= 5, () -> updater + ": zeros " + zeros(net) + " of " + net.numParams());
            assertEquals(0, zeros(dense));
            MultiLayerNetwork copy = GaussNewton.attach(net.clone());
            net.fit(Small.iterator());
            copy.fit(Small.iterator());
            assertEquals(net.params(), copy.params());
        }
    }

    private static long zeros(MultiLayerNetwork net) {
        return Arrays.stream(net.params().toDoubleVector()).filter(p -> p == 0).count();
    }

    // ---- weight decay ----------------------------------------------------------------------------------------------

    /** The step is the one without, and then a share of where it began is taken. */
    @Test
    void weightDecayIsBesideTheStep() {
        for (GaussNewtonUpdater updater : List.of(
                Sgn.builder()
                        .damping(Damping.constant(0.1))
                        .lineSearch(LineSearch.none())
                        .learningRate(0.5)
                        .build(),
                Egn.builder().learningRate(0.5).build())) {
            assertDecays(updater, conf -> conf.weightDecay(0.1));
            assertDecays(updater, conf -> conf.weightDecay(0.1, false));
            assertDecays(updater, conf -> conf.weightDecayBias(0.2));
            assertDecays(updater, conf -> conf.weightDecay(0.1).weightDecayBias(0.2, false));
        }
    }

    /** DL4J's Sgd with the same learning rate says how much is taken: terms that are set for the whole network count twice. */
    private static void assertDecays(GaussNewtonUpdater updater, UnaryOperator<NeuralNetConfiguration.Builder> with) {
        MultiLayerNetwork plain = line(updater, conf -> conf);
        MultiLayerNetwork decaying = line(updater, with);
        INDArray before = normal(9, 1.0, 1, INPUTS + 1);
        double inScore = scoreAt(before, decaying);
        plain.setParams(before);
        plain.fit(X, Y);
        decaying.fit(X, Y);
        assertClose(decayOfSgd(before, with), plain.params().sub(decaying.params()), ROUNDING, "what is taken");
        assertClose(inScore, decaying.score(), ROUNDING, "score");
        assertClose(
                GaussNewton.report(plain).orElseThrow().lossBefore(),
                GaussNewton.report(decaying).orElseThrow().lossBefore(),
                ROUNDING,
                "loss");
    }

    private static double scoreAt(INDArray params, MultiLayerNetwork net) {
        net.setParams(params);
        return net.score(new DataSet(X, Y));
    }

    private static INDArray decayOfSgd(INDArray before, UnaryOperator<NeuralNetConfiguration.Builder> with) {
        MultiLayerNetwork plain = sgd(conf -> conf);
        MultiLayerNetwork decaying = sgd(with);
        plain.setParams(before);
        decaying.setParams(before);
        plain.fit(X, Y);
        decaying.fit(X, Y);
        return plain.params().sub(decaying.params());
    }

    private static MultiLayerNetwork sgd(UnaryOperator<NeuralNetConfiguration.Builder> with) {
        return Networks.of(
                DataType.DOUBLE,
                conf -> with.apply(conf.updater(new Sgd(0.5))),
                output(INPUTS, 1, Activation.IDENTITY, new LossMSE()));
    }
}
