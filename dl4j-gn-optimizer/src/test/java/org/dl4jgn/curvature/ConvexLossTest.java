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
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.conf.Egn;
import org.dl4jgn.conf.GaussNewtonUpdater;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.testing.DenseGaussNewton;
import org.dl4jgn.testing.Dl4j;
import org.dl4jgn.testing.FiniteDifferences;
import org.dl4jgn.testing.MaskedExamples;
import org.dl4jgn.testing.Matrix;
import org.dl4jgn.testing.Networks;
import org.dl4jgn.testing.PosedNetwork;
import org.dl4jgn.translate.UnsupportedNetworkException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossCosineProximity;
import org.nd4j.linalg.lossfunctions.impl.LossFMeasure;
import org.nd4j.linalg.lossfunctions.impl.LossHinge;
import org.nd4j.linalg.lossfunctions.impl.LossKLD;
import org.nd4j.linalg.lossfunctions.impl.LossL1;
import org.nd4j.linalg.lossfunctions.impl.LossMAE;
import org.nd4j.linalg.lossfunctions.impl.LossMAPE;
import org.nd4j.linalg.lossfunctions.impl.LossMSLE;
import org.nd4j.linalg.lossfunctions.impl.LossMixtureDensity;
import org.nd4j.linalg.lossfunctions.impl.LossMultiLabel;
import org.nd4j.linalg.lossfunctions.impl.LossSquaredHinge;
import org.nd4j.linalg.lossfunctions.impl.LossWasserstein;

/**
 * Losses whose curvature is not their second derivative, or couples outputs: DL4J's score and gradient, and Q by the textbook's
 * formula.
 */
public class ConvexLossTest {

    private static final int B = 5;
    private static final int C = 3;
    private static final INDArray FEATURES = normal(2, 1.0, B, 3);
    private static final INDArray WEIGHTS = Nd4j.createFromArray(new double[][] {{0.5, 2.0, 1.3}});
    private static final INDArray REAL = normal(4, 1.0, B, C);
    private static final INDArray POSITIVE = uniform(5, 0.2, 4, B, C);
    private static final INDArray SIGNS = Networks.bits(6, B, C).mul(2).sub(1);
    private static final INDArray SEVERAL = Networks.bits(6, B, C);
    private static final INDArray PROBABILITIES = distributions();
    private static final INDArray ONE_HOT = oneHot(classes(3, B, C), C);
    private static final INDArray EXAMPLES = Nd4j.createFromArray(new double[][] {{1}, {0}, {1}, {1}, {0}});
    private static final INDArray OUTPUTS = Networks.bits(8, B, C);

    /** DL4J makes some arrays of its losses in the default type, and cannot mix them with double. */
    @BeforeAll
    static void inDouble() {
        Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
    }

    @AfterAll
    static void inFloat() {
        Nd4j.setDefaultDataTypes(DataType.FLOAT, DataType.FLOAT);
    }

    private static INDArray distributions() {
        INDArray any = uniform(5, 0.05, 0.95, B, C);
        return any.diviColumnVector(any.sum(1));
    }

    enum Mask {
        NONE,
        EXAMPLES,
        OUTPUTS;

        @Nullable
        INDArray array() {
            return switch (this) {
                case NONE -> null;
                case EXAMPLES -> ConvexLossTest.EXAMPLES;
                case OUTPUTS -> ConvexLossTest.OUTPUTS;
            };
        }
    }

    /** H of ℓ with respect to the output of example i, by its formula; {@code w} are weights times masks. */
    @FunctionalInterface
    interface Formula {
        double[][] at(double[][] o, double[][] y, double[][] w, int i);
    }

    /** ℓ″ of a loss that is a sum over outputs. */
    @FunctionalInterface
    interface Second {
        double at(double o, double y, double meanError);
    }

    private static Formula diagonal(Second second) {
        return (o, y, w, i) -> {
            double[][] h = new double[C][C];
            for (int k = 0; k < C; k++) {
                h[k][k] = w[i][k] == 0 ? 0 : w[i][k] * second.at(o[i][k], y[i][k], meanError(o, y, w));
            }
            return h;
        };
    }

    private static double meanError(double[][] o, double[][] y, double[][] w) {
        double sum = 0;
        double weights = 0;
        for (int i = 0; i < o.length; i++) {
            for (int k = 0; k < C; k++) {
                sum += w[i][k] * Math.abs(o[i][k] - y[i][k]);
                weights += w[i][k];
            }
        }
        return sum / weights;
    }

    private static final Formula REWEIGHTED = diagonal((o, y, mean) -> 1 / Math.max(Math.abs(o - y), 0.1 * mean));

    private static double[][] percentage(double[][] o, double[][] y, double[][] w, int i) {
        double[][] share = new double[o.length][C];
        for (int j = 0; j < o.length; j++) {
            for (int k = 0; k < C; k++) {
                share[j][k] = w[j][k] * 100.0 / C / Math.abs(y[j][k]);
            }
        }
        return REWEIGHTED.at(o, y, share, i);
    }

    private static double[][] cosine(double[][] o, double[][] y, double[][] w, int i) {
        double norm = Math.sqrt(o[i][0] * o[i][0] + o[i][1] * o[i][1] + o[i][2] * o[i][2]);
        double[][] h = new double[C][C];
        for (int j = 0; j < C; j++) {
            for (int k = 0; k < C; k++) {
                h[j][k] = w[i][0] * ((j == k ? 1 : 0) - o[i][j] * o[i][k] / norm / norm) / norm / norm;
            }
        }
        return h;
    }

    private static double[][] multiLabel(double[][] o, double[][] y, double[][] w, int i) {
        double[][] h = new double[C][C];
        int count = (int) (y[i][0] + y[i][1] + y[i][2]);
        for (int k = 0; k < C; k++) {
            for (int l = 0; l < C; l++) {
                if (y[i][k] == 1 && y[i][l] == 0) {
                    double e = w[i][0] * Math.exp(o[i][l] - o[i][k]) / (count * (C - count));
                    h[k][k] += e;
                    h[l][l] += e;
                    h[k][l] -= e;
                    h[l][k] -= e;
                }
            }
        }
        return h;
    }

    record Case(
            ILossFunction loss,
            Activation activation,
            INDArray labels,
            Mask mask,
            @Nullable INDArray weights,
            Formula h) {

        MultiLayerNetwork network() {
            return network(new org.nd4j.linalg.learning.config.Sgd(0.1));
        }

        MultiLayerNetwork network(org.nd4j.linalg.learning.config.IUpdater updater) {
            MultiLayerNetwork net = Networks.of(
                    DataType.DOUBLE,
                    conf -> conf.updater(updater),
                    dense(3, 4, Activation.TANH),
                    output(4, C, activation, loss));
            net.setParams(normal(12, 0.9, 1, net.numParams()).add(0.2));
            return net;
        }

        /** ω of each output. */
        double[][] omega() {
            INDArray w = Nd4j.ones(DataType.DOUBLE, B, C);
            if (weights != null) {
                w.muliRowVector(weights);
            }
            if (mask == Mask.EXAMPLES) {
                w.muliColumnVector(EXAMPLES);
            } else if (mask == Mask.OUTPUTS) {
                w.muli(OUTPUTS);
            }
            return w.toDoubleMatrix();
        }

        @Override
        public String toString() {
            return loss + " on " + activation + ", mask " + mask;
        }
    }

    static Stream<Case> cases() {
        List<Case> cases = new ArrayList<>();
        List<Activation> any = List.of(Activation.IDENTITY, Activation.TANH, Activation.SOFTMAX, Activation.SOFTPLUS);
        for (Activation a : any) {
            add(cases, new LossL1(), a, REAL, null, REWEIGHTED);
            add(cases, new LossL1(WEIGHTS), a, REAL, WEIGHTS, REWEIGHTED);
            add(cases, new LossMAE(), a, REAL, null, scaled(REWEIGHTED));
            add(cases, new LossMAE(WEIGHTS), a, REAL, WEIGHTS, scaled(REWEIGHTED));
            add(cases, new LossMAPE(), a, REAL, null, ConvexLossTest::percentage);
            add(cases, new LossMAPE(WEIGHTS), a, REAL, WEIGHTS, ConvexLossTest::percentage);
            add(
                    cases,
                    new LossHinge(),
                    a,
                    SIGNS,
                    null,
                    diagonal((o, y, mean) -> y * y / 2 / Math.max(Math.abs(1 - y * o), 0.1)));
            add(cases, new LossSquaredHinge(), a, SIGNS, null, diagonal((o, y, mean) -> 1 - y * o > 0 ? 2 * y * y : 0));
            add(cases, new LossCosineProximity(), a, REAL, null, ConvexLossTest::cosine);
            add(cases, new LossMultiLabel(), a, SEVERAL, null, ConvexLossTest::multiLabel);
            add(cases, new LossWasserstein(), a, SIGNS, null, diagonal((o, y, mean) -> 0));
        }
        for (Activation a : List.of(Activation.SIGMOID, Activation.SOFTMAX, Activation.SOFTPLUS)) {
            add(cases, new LossMSLE(), a, POSITIVE, null, scaled(diagonal((o, y, mean) -> 2 / (1 + o) / (1 + o))));
            add(
                    cases,
                    new LossMSLE(WEIGHTS),
                    a,
                    POSITIVE,
                    WEIGHTS,
                    scaled(diagonal((o, y, mean) -> 2 / (1 + o) / (1 + o))));
        }
        add(cases, new LossKLD(), Activation.SIGMOID, PROBABILITIES, null, diagonal((o, y, mean) -> y / o / o));
        return cases.stream();
    }

    /** The losses that are tested here. */
    public static Stream<ILossFunction> losses() {
        return cases().map(Case::loss);
    }

    private static Formula scaled(Formula h) {
        return (o, y, w, i) -> {
            double[][] sum = h.at(o, y, w, i);
            for (int k = 0; k < C; k++) {
                sum[k][k] /= C;
            }
            return sum;
        };
    }

    private static void add(
            List<Case> cases,
            ILossFunction loss,
            Activation activation,
            INDArray labels,
            @Nullable INDArray weights,
            Formula h) {
        for (Mask mask : Mask.values()) {
            boolean isJoint = activation == Activation.SOFTMAX
                    || loss instanceof LossCosineProximity
                    || loss instanceof LossMultiLabel;
            if (!(isJoint && mask == Mask.OUTPUTS)) {
                cases.add(new Case(loss, activation, labels, mask, weights, h));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void scoreLossAndGradientAreDl4js(Case c) {
        MultiLayerNetwork net = c.network();
        Dl4j expected = Dl4j.of(net, FEATURES, c.labels, c.mask.array());
        try (Linearization at = GaussNewton.linearize(net);
                PosedNetwork posed = new PosedNetwork(net, FEATURES, c.labels, c.mask.array())) {
            at.at(FEATURES, c.labels, c.mask.array());
            assertClose(expected.score(), posed.point().score(), ROUNDING, "score");
            assertClose(expected.score(), at.loss(), ROUNDING, "loss");
            assertClose(expected.gradient(), at.gradient(), ROUNDING, "gradient");
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void gradientIsTheDerivativeOfTheLoss(Case c) {
        MultiLayerNetwork net = c.network();
        try (Linearization at = GaussNewton.linearize(net)) {
            INDArray gradient = at.at(FEATURES, c.labels, c.mask.array()).gradient();
            // not at right angles to the gradient, where differences have no digits
            INDArray v = normal(9, 1.0, net.numParams()).add(gradient);
            double expected = FiniteDifferences.along(
                    net, v, () -> at.at(FEATURES, c.labels, c.mask.array()).loss());
            assertClose(expected, gradient.mul(v).sumNumber().doubleValue(), FINITE_DIFFERENCE, "⟨g, v⟩");
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void curvatureIsThatOfTheFormula(Case c) {
        MultiLayerNetwork net = c.network();
        IActivation activation = c.activation.getActivationFunction();
        try (Linearization at = GaussNewton.linearize(net)) {
            at.at(FEATURES, c.labels, c.mask.array());
            INDArray z = at.preOutput();
            double[][] o = activation.getActivation(z.dup(), true).toDoubleMatrix();
            double[][] y = c.labels.toDoubleMatrix();
            Matrix blocks = Matrix.zeros(B * C, B * C);
            for (int i = 0; i < B; i++) {
                double[][] h = c.h.at(o, y, c.omega(), i);
                for (int j = 0; j < C; j++) {
                    for (int k = 0; k < C; k++) {
                        blocks.set(i * C + j, i * C + k, h[j][k]);
                    }
                }
            }
            Matrix inner = DenseGaussNewton.blocks(z, x -> activation.getActivation(x.dup(), true));
            Matrix q = inner.transposed().times(blocks).times(inner);
            Matrix jacobian = Matrix.ofProducts(net.numParams(), at::jvp);
            Matrix h = Matrix.ofProducts(net.numParams(), at::ggnVectorProduct);
            assertClose(DenseGaussNewton.of(jacobian, q, B).toArray(), h.toArray(), FINITE_DIFFERENCE, "H");
            assertClose(h.toArray(), h.transposed().toArray(), ROUNDING, "Hᵀ");
            if (!(c.loss instanceof LossWasserstein)) {
                assertTrue(h.trace() > 0, "H is not zero");
                assertTrue(h.isPositiveSemidefinite(1e-12), "H is positive semidefinite");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void maskedExamplesCountAsZeros(Case c) {
        MaskedExamples.assertCountAsZeros(c.network(), FEATURES, c.labels, EXAMPLES, 0, 2, 3);
    }

    /** The gradient of a divergence on a softmax is that of the cross-entropy; so is the curvature, which is the Hessian. */
    @Test
    void divergenceOnASoftmaxIsACrossEntropyAndAConstant() {
        MultiLayerNetwork net =
                new Case(new LossKLD(), Activation.SOFTMAX, PROBABILITIES, Mask.NONE, null, REWEIGHTED).network();
        INDArray v = normal(9, 1.0, net.numParams());
        for (Mask mask : new Mask[] {Mask.NONE, Mask.EXAMPLES}) {
            Dl4j expected = Dl4j.of(net, FEATURES, PROBABILITIES, mask.array());
            MultiLayerNetwork other = new Case(
                            new org.nd4j.linalg.lossfunctions.impl.LossMCXENT(),
                            Activation.SOFTMAX,
                            PROBABILITIES,
                            mask,
                            null,
                            REWEIGHTED)
                    .network();
            try (Linearization at = GaussNewton.linearize(net).at(FEATURES, PROBABILITIES, mask.array());
                    Linearization entropy = GaussNewton.linearize(other).at(FEATURES, PROBABILITIES, mask.array())) {
                assertClose(expected.score(), at.loss(), ROUNDING, "loss");
                assertClose(expected.gradient(), at.gradient(), ROUNDING, "gradient");
                assertClose(entropy.ggnVectorProduct(v), at.ggnVectorProduct(v), ROUNDING, "Hv");
            }
        }
    }

    /** DL4J counts a label of zero as 1e-5, and an output below that as 1e-5; the loss does not, the score does. */
    @Test
    void scoreOfADivergenceIsClippedAsDl4jsIs() {
        for (Activation a : List.of(Activation.SOFTMAX, Activation.SIGMOID)) {
            MultiLayerNetwork net = Networks.of(DataType.DOUBLE, output(3, C, a, new LossKLD()));
            net.setParams(net.params().mul(20));
            Dl4j expected = Dl4j.of(net, FEATURES, ONE_HOT, null);
            try (PosedNetwork at = new PosedNetwork(net, FEATURES, ONE_HOT, null)) {
                assertClose(expected.score(), at.point().score(), ROUNDING, "score on " + a);
                assertTrue(at.point().value() > 1.01 * expected.score(), "the loss is not clipped");
            }
        }
    }

    static Stream<Arguments> trainings() {
        Stream<GaussNewtonUpdater> updaters = Stream.of(
                Sgn.builder().build(),
                Egn.builder().build(),
                Sgn.paper().build(),
                Egn.paper().build());
        List<Case> cases = cases().filter(
                        c -> c.mask == Mask.NONE && c.weights == null && !(c.loss instanceof LossWasserstein))
                .filter(c -> c.activation == Activation.TANH || c.activation == Activation.SOFTPLUS)
                .toList();
        return updaters.flatMap(u -> cases.stream().map(c -> Arguments.of(u, c)));
    }

    /** Every loss is made small by both methods, with their default settings and the papers'. */
    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("trainings")
    void trains(GaussNewtonUpdater updater, Case c) {
        MultiLayerNetwork net = GaussNewton.attach(c.network(updater));
        DataSet data = new DataSet(FEATURES, c.labels);
        double least = Double.POSITIVE_INFINITY;
        double before = net.score(data);
        for (int i = 0; i < 40; i++) {
            net.fit(data);
            least = Math.min(least, net.score(data));
        }
        double after = net.score(data);
        double low = least;
        assertTrue(
                after < before && after < low + 0.1 * (before - low), () -> before + " to " + after + ", least " + low);
    }

    @Test
    void aCriticIsTrainedByGradientSteps() {
        Case critic = new Case(new LossWasserstein(), Activation.TANH, SIGNS, Mask.NONE, null, REWEIGHTED);
        MultiLayerNetwork net = GaussNewton.attach(critic.network(Sgn.builder().build()));
        DataSet data = new DataSet(FEATURES, SIGNS);
        double before = net.score(data);
        for (int i = 0; i < 40; i++) {
            net.fit(data);
        }
        assertTrue(net.score(data) < before - 0.3, () -> before + " to " + net.score(data));
    }

    // ---- refusals ---------------------------------------------------------------------------------------------------

    static Stream<Arguments> refused() {
        return Stream.of(
                Arguments.of(
                        LossMixtureDensity.builder().gaussians(1).labelWidth(1).build(), "is not convex"),
                Arguments.of(new LossFMeasure(), "not a sum over the examples"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void lossesWithoutAPositiveCurvatureAreRefusedWithTheReason(ILossFunction loss, String reason) {
        MultiLayerNetwork net = Networks.of(DataType.DOUBLE, output(3, C, Activation.IDENTITY, loss));
        assertFails(UnsupportedNetworkException.class, () -> GaussNewton.linearize(net), reason, "Supported: ");
    }

    static Stream<Arguments> labels() {
        return Stream.of(
                Arguments.of(new LossMAPE(), 0.0, "must not be zero"),
                Arguments.of(new LossMSLE(), -1.5, "must be above −1"),
                Arguments.of(new LossMultiLabel(), -1.0, "at least zero"));
    }

    @ParameterizedTest
    @MethodSource("labels")
    void labelsOutsideOfALosssDomainAreRefused(ILossFunction loss, double label, String message) {
        MultiLayerNetwork net = Networks.of(DataType.DOUBLE, output(3, C, Activation.SIGMOID, loss));
        INDArray labels = POSITIVE.dup().putScalar(1, 2, label);
        try (Linearization at = GaussNewton.linearize(net)) {
            assertFails(IllegalArgumentException.class, () -> at.at(FEATURES, labels), message);
            at.at(FEATURES, POSITIVE);
        }
    }

    @Test
    void aMaskOfSingleOutputsDoesNotGoWithALossThatCouplesThem() {
        MultiLayerNetwork net =
                Networks.of(DataType.DOUBLE, output(3, C, Activation.IDENTITY, new LossCosineProximity()));
        try (Linearization at = GaussNewton.linearize(net)) {
            assertFails(
                    IllegalArgumentException.class,
                    () -> at.at(FEATURES, REAL, OUTPUTS),
                    "mask whole examples with shape [5, 1]");
        }
    }

    /** Padded steps have labels of zero. */
    @Test
    void aMaskedLabelMayBeZero() {
        MultiLayerNetwork net = Networks.of(DataType.DOUBLE, output(3, C, Activation.IDENTITY, new LossMAPE()));
        INDArray labels = REAL.dup().putScalar(1, 2, 0.0);
        try (Linearization at = GaussNewton.linearize(net)) {
            double expected = at.at(FEATURES, REAL, EXAMPLES).loss();
            assertClose(expected, at.at(FEATURES, labels, EXAMPLES).loss(), ROUNDING, "loss");
        }
    }
}
