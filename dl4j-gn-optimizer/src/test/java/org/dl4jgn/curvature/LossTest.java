package org.dl4jgn.curvature;

import static org.dl4jgn.testing.Failures.assertFails;
import static org.dl4jgn.testing.Networks.classes;
import static org.dl4jgn.testing.Networks.dense;
import static org.dl4jgn.testing.Networks.normal;
import static org.dl4jgn.testing.Networks.oneHot;
import static org.dl4jgn.testing.Networks.output;
import static org.dl4jgn.testing.Networks.uniform;
import static org.dl4jgn.testing.Tolerances.FINITE_DIFFERENCE;
import static org.dl4jgn.testing.Tolerances.ROUNDING;
import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.dl4jgn.testing.Tolerances.products;
import static org.dl4jgn.testing.Tolerances.relativeError;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.testing.DenseGaussNewton;
import org.dl4jgn.testing.Dl4j;
import org.dl4jgn.testing.FiniteDifferences;
import org.dl4jgn.testing.MaskedExamples;
import org.dl4jgn.testing.Matrix;
import org.dl4jgn.testing.Networks;
import org.dl4jgn.testing.PosedNetwork;
import org.dl4jgn.translate.UnsupportedNetworkException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossL2;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import org.nd4j.linalg.lossfunctions.impl.LossNegativeLogLikelihood;
import org.nd4j.linalg.lossfunctions.impl.LossPoisson;
import org.nd4j.linalg.lossfunctions.impl.LossSparseMCXENT;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.linalg.schedule.StepSchedule;

/** Every loss, on activations that match it and others, weighted and masked: DL4J's score and gradient, and Q. */
class LossTest {

    private static final int B = 5;
    private static final int C = 3;
    private static final INDArray FEATURES = normal(2, 1.0, B, 3);
    private static final INDArray WEIGHTS = Nd4j.createFromArray(new double[][] {{0.5, 2.0, 1.3}});
    private static final INDArray CLASSES = classes(3, B, C);
    private static final INDArray ONE_HOT = oneHot(CLASSES, C);
    private static final INDArray REAL = normal(4, 1.0, B, C);
    private static final INDArray PROBABILITIES = uniform(5, 0.05, 0.95, B, C);
    private static final INDArray SEVERAL = Networks.bits(6, B, C);
    private static final INDArray COUNTS =
            uniform(7, 0, 6, B, C).castTo(DataType.INT).castTo(DataType.DOUBLE);
    private static final INDArray EXAMPLES = Nd4j.createFromArray(new double[][] {{1}, {0}, {1}, {1}, {0}});
    private static final INDArray OUTPUTS = Networks.bits(8, B, C);

    enum Mask {
        NONE,
        EXAMPLES,
        OUTPUTS;

        @Nullable
        INDArray array() {
            return switch (this) {
                case NONE -> null;
                case EXAMPLES -> LossTest.EXAMPLES;
                case OUTPUTS -> LossTest.OUTPUTS;
            };
        }
    }

    record Case(ILossFunction loss, Activation activation, INDArray labels, String labelKind, Mask mask) {

        boolean matches() {
            return switch (activation) {
                case SOFTMAX -> loss instanceof LossMCXENT;
                case SIGMOID -> loss instanceof LossBinaryXENT;
                case IDENTITY -> loss instanceof LossL2;
                default -> false;
            };
        }

        /** With pre-activations large enough for every piece of the activation. */
        MultiLayerNetwork network() {
            MultiLayerNetwork net =
                    Networks.of(DataType.DOUBLE, dense(3, 4, Activation.TANH), output(4, C, activation, loss));
            net.setParams(normal(12, 0.9, 1, net.numParams()).add(0.2));
            return net;
        }

        @Override
        public String toString() {
            return loss + " on " + activation + ", labels " + labelKind + ", mask " + mask;
        }
    }

    private static final List<Activation> ANY = Arrays.stream(Activation.values())
            .filter(a -> a != Activation.RRELU)
            .toList();

    static Stream<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (Activation activation : ANY) {
            add(cases, new LossMSE(), activation, REAL, "real", Mask.NONE);
        }
        for (Activation activation :
                List.of(Activation.IDENTITY, Activation.SIGMOID, Activation.SOFTMAX, Activation.RELU)) {
            add(cases, new LossMSE(WEIGHTS), activation, REAL, "real", Mask.values());
            add(cases, new LossL2(), activation, REAL, "real", Mask.values());
            add(cases, new LossL2(WEIGHTS), activation, REAL, "real", Mask.NONE);
        }
        for (Activation activation : List.of(Activation.SOFTMAX, Activation.SIGMOID, Activation.SOFTPLUS)) {
            add(cases, new LossMCXENT(), activation, ONE_HOT, "one-hot", Mask.values());
            add(cases, new LossMCXENT(), activation, ONE_HOT.mul(0.85).add(0.05), "smoothed", Mask.NONE);
            add(cases, new LossMCXENT(WEIGHTS), activation, PROBABILITIES, "of any sum", Mask.values());
            add(cases, new LossNegativeLogLikelihood(), activation, ONE_HOT, "one-hot", Mask.NONE);
            add(cases, new LossNegativeLogLikelihood(WEIGHTS), activation, ONE_HOT, "one-hot", Mask.EXAMPLES);
            add(cases, new LossSparseMCXENT(), activation, CLASSES, "classes", Mask.EXAMPLES);
            add(cases, new LossSparseMCXENT(WEIGHTS), activation, CLASSES, "classes", Mask.NONE);
            add(cases, new LossPoisson(), activation, COUNTS, "counts", Mask.values());
        }
        for (Activation activation : List.of(Activation.SIGMOID, Activation.HARDSIGMOID)) {
            add(cases, new LossBinaryXENT(), activation, SEVERAL, "several a row", Mask.values());
            add(cases, new LossBinaryXENT(1e-3, WEIGHTS), activation, PROBABILITIES, "soft", Mask.values());
        }
        add(cases, new LossBinaryXENT(0.0), Activation.SIGMOID, PROBABILITIES, "soft", Mask.NONE);
        add(cases, new LossMCXENT(0.0, null), Activation.SOFTMAX, ONE_HOT, "one-hot", Mask.NONE);
        return cases.stream();
    }

    private static void add(
            List<Case> cases, ILossFunction loss, Activation activation, INDArray labels, String kind, Mask... masks) {
        for (Mask mask : masks) {
            if (!(activation == Activation.SOFTMAX && mask == Mask.OUTPUTS)) {
                cases.add(new Case(loss, activation, labels, kind, mask));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void scoreAndGradientAreDl4js(Case c) {
        MultiLayerNetwork net = c.network();
        Dl4j expected = Dl4j.of(net, FEATURES, c.labels, c.mask.array());
        try (Linearization at = GaussNewton.linearize(net)) {
            at.at(FEATURES, c.labels, c.mask.array());
            assertClose(expected.score(), score(net, FEATURES, c.labels, c.mask.array()), ROUNDING, "score");
            assertClose(expected.gradient(), at.gradient(), ROUNDING, "gradient");
            // outputs of exactly zero and one, which DL4J clips, are not clipped in the loss
            if (c.activation != Activation.HARDSIGMOID) {
                assertClose(expected.score(), at.loss(), ROUNDING, "loss");
            }
        }
    }

    private static double score(MultiLayerNetwork net, INDArray x, INDArray y, @Nullable INDArray mask) {
        try (PosedNetwork at = new PosedNetwork(net, x, y, mask)) {
            return at.point().score();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void gradientIsTheDerivativeOfTheLoss(Case c) {
        MultiLayerNetwork net = c.network();
        try (Linearization at = GaussNewton.linearize(net)) {
            at.at(FEATURES, c.labels, c.mask.array());
            INDArray gradient = at.gradient();
            INDArray v = normal(9, 1.0, net.numParams());
            double expected = FiniteDifferences.along(
                    net, v, () -> at.at(FEATURES, c.labels, c.mask.array()).loss());
            assertClose(expected, gradient.mul(v).sumNumber().doubleValue(), FINITE_DIFFERENCE, "⟨g, v⟩");
        }
    }

    /** J from Jacobian-vector products, Q from DL4J's own loss and activation. */
    @ParameterizedTest
    @MethodSource("cases")
    void gaussNewtonMatrixIsTheDenseOne(Case c) {
        MultiLayerNetwork net = c.network();
        IActivation activation = c.activation.getActivationFunction();
        try (Linearization at = GaussNewton.linearize(net)) {
            at.at(FEATURES, c.labels, c.mask.array());
            INDArray z = at.preOutput();
            Matrix q = c.matches()
                    ? DenseGaussNewton.hessian(c.loss, activation, z, c.labels, c.mask.array())
                    : DenseGaussNewton.generalized(c.loss, activation, z, c.labels, c.mask.array());
            Matrix j = Matrix.ofProducts(net.numParams(), at::jvp);
            Matrix h = Matrix.ofProducts(net.numParams(), at::ggnVectorProduct);
            assertClose(DenseGaussNewton.of(j, q, B).toArray(), h.toArray(), FINITE_DIFFERENCE, "H");
            assertClose(h.toArray(), h.transposed().toArray(), ROUNDING, "Hᵀ");
            assertTrue(h.trace() > 0, "H is not zero");
            assertTrue(h.isPositiveSemidefinite(1e-12), "H is positive semidefinite");
        }
    }

    // ---- regularization ---------------------------------------------------------------------------------------------

    @Test
    void l2OfEachLayerIsInLossGradientAndCurvature() {
        DenseLayer first = new DenseLayer.Builder()
                .nIn(3)
                .nOut(4)
                .activation(Activation.TANH)
                .l2(0.3)
                .l2Bias(0.2)
                .build();
        MultiLayerNetwork net = Networks.of(
                DataType.DOUBLE, conf -> conf.l2(0.05), first, output(4, C, Activation.SIGMOID, new LossMSE()));
        double[] d = new double[(int) net.numParams()];
        Arrays.fill(d, 0, 12, 0.3);
        Arrays.fill(d, 12, 16, 0.2);
        Arrays.fill(d, 16, 28, 0.05);
        MultiLayerNetwork plain = Networks.of(
                DataType.DOUBLE, dense(3, 4, Activation.TANH), output(4, C, Activation.SIGMOID, new LossMSE()));
        INDArray v = normal(9, 1.0, net.numParams());
        INDArray dv = Nd4j.createFromArray(d).mul(v);
        try (Linearization at = GaussNewton.linearize(net).at(FEATURES, REAL);
                Linearization without = GaussNewton.linearize(plain).at(FEATURES, REAL)) {
            assertClose(Dl4j.of(net, FEATURES, REAL, null).score(), at.loss(), ROUNDING, "loss");
            double slope =
                    FiniteDifferences.along(net, v, () -> at.at(FEATURES, REAL).loss());
            assertClose(
                    slope,
                    at.at(FEATURES, REAL).gradient().mul(v).sumNumber().doubleValue(),
                    FINITE_DIFFERENCE,
                    "slope");
            assertClose(without.ggnVectorProduct(v).add(dv), at.ggnVectorProduct(v), ROUNDING, "Hv");
            assertClose(without.vjp(REAL), at.vjp(REAL), ROUNDING, "Jᵀu has no D");
        }
    }

    @Test
    void l2ScheduleIsTakenAtTheNetworksIteration() {
        MultiLayerNetwork net = Networks.of(
                DataType.DOUBLE,
                conf -> conf.regularization(
                        List.of(new L2Regularization(new StepSchedule(ScheduleType.ITERATION, 0.4, 0.5, 10)))),
                dense(3, 4, Activation.TANH),
                output(4, C, Activation.IDENTITY, new LossMSE()));
        try (Linearization at = GaussNewton.linearize(net)) {
            for (int iteration : new int[] {0, 10, 25, 3}) {
                net.setIterationCount(iteration);
                double expected = Dl4j.of(net, FEATURES, REAL, null).score();
                assertClose(expected, at.at(FEATURES, REAL).loss(), ROUNDING, "loss at iteration " + iteration);
            }
        }
    }

    // ---- the Hessian, where it is the Gauss-Newton matrix ----------------------------------------------------------

    static Stream<Case> matching() {
        return cases().filter(Case::matches);
    }

    /** z is linear in the parameters of a single layer, so that H is the Hessian of L for a matching pair. */
    @ParameterizedTest
    @MethodSource("matching")
    void isTheHessianForOneLayer(Case c) {
        MultiLayerNetwork net = Networks.of(DataType.DOUBLE, conf -> conf.l2(0.1), output(3, C, c.activation, c.loss));
        INDArray v = normal(9, 1.0, net.numParams());
        try (Linearization at = GaussNewton.linearize(net)) {
            INDArray expected = FiniteDifferences.along(
                    net, v, () -> at.at(FEATURES, c.labels, c.mask.array()).gradient());
            at.at(FEATURES, c.labels, c.mask.array());
            assertClose(expected, at.ggnVectorProduct(v), FINITE_DIFFERENCE, "Hv");
        }
    }

    // ---- labels and saturation --------------------------------------------------------------------------------------

    /**
     * r = s·p − y with s the labels' sum: the derivative of DL4J's score. DL4J's own gradient has s = 1, unless there are
     * weights: with weights of one it is right.
     */
    @Test
    void softmaxGradientIsThatOfTheScoreForLabelsOfAnySum() {
        INDArray ones = Nd4j.ones(DataType.DOUBLE, 1, C);
        MultiLayerNetwork net = Networks.of(
                DataType.DOUBLE, dense(3, 4, Activation.TANH), output(4, C, Activation.SOFTMAX, new LossMCXENT()));
        MultiLayerNetwork weighted = Networks.of(
                DataType.DOUBLE, dense(3, 4, Activation.TANH), output(4, C, Activation.SOFTMAX, new LossMCXENT(ones)));
        Dl4j expected = Dl4j.of(weighted, FEATURES, PROBABILITIES, null);
        Dl4j unweighted = Dl4j.of(net, FEATURES, PROBABILITIES, null);
        try (Linearization at = GaussNewton.linearize(net).at(FEATURES, PROBABILITIES)) {
            assertClose(unweighted.score(), at.loss(), ROUNDING, "loss");
            assertClose(expected.gradient(), at.gradient(), ROUNDING, "gradient");
            assertTrue(relativeError(unweighted.gradient(), at.gradient()) > 0.01, "DL4J's own differs");
        }
    }

    static Stream<Arguments> saturated() {
        return Stream.of(DataType.DOUBLE, DataType.FLOAT)
                .flatMap(type -> Stream.of(
                        Arguments.of(type, Activation.SIGMOID, new LossBinaryXENT(), SEVERAL),
                        Arguments.of(type, Activation.SIGMOID, new LossBinaryXENT(1e-3, WEIGHTS), SEVERAL),
                        Arguments.of(type, Activation.SIGMOID, new LossMSE(), SEVERAL),
                        Arguments.of(type, Activation.SOFTMAX, new LossMCXENT(), ONE_HOT),
                        Arguments.of(type, Activation.SOFTMAX, new LossMCXENT(1e-4, WEIGHTS), ONE_HOT),
                        Arguments.of(type, Activation.SOFTMAX, new LossSparseMCXENT(), CLASSES),
                        Arguments.of(type, Activation.SOFTMAX, new LossMSE(), ONE_HOT)));
    }

    /** DL4J's score is that of clipped probabilities; ours is reported, and not what is trained with. */
    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("saturated")
    void saturatedProbabilitiesAreReportedAsDl4jDoes(
            DataType type, Activation activation, ILossFunction loss, INDArray labels) {
        MultiLayerNetwork net = Networks.of(type, output(3, C, activation, loss));
        net.setParams(net.params().mul(60));
        INDArray x = FEATURES.castTo(type);
        INDArray y = labels.castTo(type);
        Dl4j expected = Dl4j.of(net, x, y, null);
        try (Linearization at = GaussNewton.linearize(net).at(x, y)) {
            assertTrue(at.preOutput().ameanNumber().doubleValue() > 20, "saturated");
            assertClose(expected.score(), score(net, x, y, null), products(type), "score");
            if (loss instanceof LossMSE) {
                assertClose(expected.score(), at.loss(), products(type), "loss");
            } else {
                assertTrue(at.loss() > 2 * expected.score(), "the loss is not clipped");
            }
            if (loss instanceof LossMCXENT) {
                assertClose(expected.gradient(), at.gradient(), products(type), "gradient");
            }
            Matrix h = Matrix.ofProducts(net.numParams(), at::ggnVectorProduct);
            assertTrue(h.plusIdentity(1e-3).isPositiveSemidefinite(1e-6), "H is positive semidefinite");
        }
    }

    // ---- masks ------------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @MethodSource("cases")
    void maskedExamplesCountAsZeros(Case c) {
        MaskedExamples.assertCountAsZeros(c.network(), FEATURES, c.labels, EXAMPLES, 0, 2, 3);
    }

    @Test
    void maskOfNothingLeavesTheRegularization() {
        MultiLayerNetwork net =
                Networks.of(DataType.DOUBLE, conf -> conf.l2(0.1), output(3, C, Activation.SOFTMAX, new LossMCXENT()));
        try (Linearization at = GaussNewton.linearize(net).at(FEATURES, ONE_HOT, Nd4j.zeros(DataType.DOUBLE, B, 1))) {
            assertClose(net.calcRegularizationScore(true), at.loss(), ROUNDING, "loss");
            INDArray v = normal(9, 1.0, net.numParams());
            INDArray d = Nd4j.createFromArray(.1, .1, .1, .1, .1, .1, .1, .1, .1, 0, 0, 0);
            assertClose(d.mul(v), at.ggnVectorProduct(v), ROUNDING, "Hv");
        }
    }

    @Test
    void masksComeAndGo() {
        MultiLayerNetwork net = Networks.of(DataType.DOUBLE, output(3, C, Activation.SIGMOID, new LossMSE()));
        try (Linearization at = GaussNewton.linearize(net)) {
            double none = at.at(FEATURES, REAL).loss();
            double examples = at.at(FEATURES, REAL, EXAMPLES).loss();
            double outputs = at.at(FEATURES, REAL, OUTPUTS).loss();
            assertEquals(none, at.at(FEATURES, REAL).loss());
            assertEquals(examples, at.at(FEATURES, REAL, EXAMPLES).loss());
            assertEquals(outputs, at.at(FEATURES, REAL, OUTPUTS).loss());
            assertEquals(
                    none,
                    at.at(FEATURES, REAL, Nd4j.ones(DataType.DOUBLE, B, 1)).loss(),
                    1e-14);
        }
    }

    // ---- refusals ---------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"LossMCXENT", "LossMSE"})
    void refusesAMaskOfSingleOutputsOnSoftmax(String name) {
        ILossFunction loss = name.equals("LossMSE") ? new LossMSE() : new LossMCXENT();
        MultiLayerNetwork net = Networks.of(DataType.DOUBLE, output(3, C, Activation.SOFTMAX, loss));
        try (Linearization at = GaussNewton.linearize(net)) {
            assertFails(
                    IllegalArgumentException.class,
                    () -> at.at(FEATURES, ONE_HOT, OUTPUTS),
                    "mask whole examples with shape [5, 1]");
        }
    }

    private static INDArray weights(double... weights) {
        return Nd4j.createFromArray(new double[][] {weights});
    }

    static Stream<Arguments> unsupported() {
        return Stream.of(
                Arguments.of(new LossBinaryXENT(), Activation.SOFTMAX, "XENT on a softmax"),
                Arguments.of(new LossMSE(Nd4j.ones(1, 2)), Activation.IDENTITY, "2 weights"),
                Arguments.of(new LossMCXENT(weights(1, Double.NaN, 1)), Activation.SOFTMAX, "weight NaN for output 1"),
                Arguments.of(new LossL2(weights(1, 1, -0.5)), Activation.IDENTITY, "weight -0.5 for output 2"),
                Arguments.of(
                        new LossBinaryXENT(weights(Double.POSITIVE_INFINITY, 1, 1)),
                        Activation.SIGMOID,
                        "weight Infinity for output 0"));
    }

    @ParameterizedTest
    @MethodSource("unsupported")
    void refusesOtherLossesByName(ILossFunction loss, Activation activation, String name) {
        MultiLayerNetwork net = Networks.of(DataType.DOUBLE, output(3, C, activation, loss));
        assertFails(UnsupportedNetworkException.class, () -> GaussNewton.linearize(net), name, "Supported: ");
    }
}
