package org.dl4jgn;

import static org.dl4jgn.testing.DenseModel.dot;
import static org.dl4jgn.testing.DenseModel.ones;
import static org.dl4jgn.testing.DenseModel.plus;
import static org.dl4jgn.testing.DenseModel.times;
import static org.dl4jgn.testing.Failures.assertFails;
import static org.dl4jgn.testing.Small.bits;
import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.stream.Stream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.StepReport.Outcome;
import org.dl4jgn.conf.Damping;
import org.dl4jgn.conf.Egn;
import org.dl4jgn.conf.GaussNewtonUpdater;
import org.dl4jgn.conf.LineSearch;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.testing.DenseModel;
import org.dl4jgn.testing.Matrix;
import org.dl4jgn.testing.Small;
import org.dl4jgn.testing.Tolerances;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** (H + λI)Δ = −g + λμΔ', checked with dense algebra; Δ' outlives what goes wrong. */
class ProjectedMomentumTest {

    private static final double LAMBDA = 0.1;
    private static final double MU = 0.8;
    private static final double ETA = 0.5;

    private static final DataSet DATA = Small.data(20);

    private static Sgn.Builder sgn(int k) {
        return Sgn.builder()
                .cgIterations(k)
                .projectedMomentum(MU)
                .learningRate(ETA)
                .damping(Damping.constant(LAMBDA))
                .lineSearch(LineSearch.none());
    }

    private static Egn.Builder egn() {
        return Egn.builder()
                .projectedMomentum(MU)
                .learningRate(ETA)
                .damping(Damping.constant(LAMBDA))
                .lineSearch(LineSearch.none());
    }

    private static double[] direction(MultiLayerNetwork net) {
        double[] before = net.params().toDoubleVector();
        net.fit(DATA);
        return times(1 / ETA, plus(net.params().toDoubleVector(), -1, before));
    }

    private static double[] memory(double[] last) {
        return times(LAMBDA * MU, last);
    }

    private static void assertDirection(double[] expected, double[] actual) {
        assertClose(Nd4j.createFromArray(expected), Nd4j.createFromArray(actual), Tolerances.DOUBLE, "Δ");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 6})
    void sgnIteratesFromTheLastDirection(int k) {
        MultiLayerNetwork net = Small.attached(sgn(k).build());
        double[] last = direction(net);
        for (int step = 0; step < 2; step++) {
            DenseModel model = DenseModel.of(net, DATA);
            double[] h = plus(model.g(), -1, memory(last));
            double[] expected = model.conjugateGradients(h, LAMBDA, times(MU, last), ones(h.length), k);
            double[] actual = direction(net);
            assertDirection(expected, actual);
            assertModel(model, expected, net);
            last = actual;
        }
    }

    /** By the Gram matrix of 40 rows, by the matrix of 43 parameters, and by conjugate gradients. */
    static Stream<Egn> systems() {
        return Stream.of(egn().build(), egn().gramLimit(1).cgTolerance(1e-13).build());
    }

    @ParameterizedTest
    @MethodSource("systems")
    void egnSolvesExactly(Egn egn) {
        MultiLayerNetwork net = Small.attached(egn);
        double[] last = direction(net);
        for (int step = 0; step < 2; step++) {
            DenseModel model = DenseModel.of(net, DATA);
            double[] rightHandSide = plus(memory(last), -1, model.g());
            double[] expected = Matrix.of(model.h()).plusIdentity(LAMBDA).solve(rightHandSide);
            double[] actual = direction(net);
            assertDirection(expected, actual);
            assertModel(model, expected, net);
            last = actual;
        }
    }

    /** The predicted reduction is of the loss's own model, −ηgᵀΔ − ½η²ΔᵀHΔ: λ is not in it. */
    private static void assertModel(DenseModel model, double[] delta, MultiLayerNetwork net) {
        double curvature = dot(delta, model.dampedProduct(0, delta));
        double predicted = -ETA * dot(model.g(), delta) - 0.5 * ETA * ETA * curvature;
        assertClose(predicted, report(net).predictedReduction(), Tolerances.DOUBLE, "predicted reduction");
    }

    private static StepReport report(MultiLayerNetwork net) {
        return GaussNewton.report(net).orElseThrow();
    }

    static Stream<GaussNewtonUpdater.Builder<?>> both() {
        return Stream.of(sgn(3), egn());
    }

    @ParameterizedTest
    @MethodSource("both")
    void aRejectedStepLeavesNetworkAndMemory(GaussNewtonUpdater.Builder<?> settings) {
        MultiLayerNetwork net = regression(settings);
        double[] last = direction(net);
        long[] before = bits(net);
        net.setLearningRate(1e308);
        net.fit(DATA);
        assertEquals(Outcome.INVALID, report(net).outcome());
        assertArrayEquals(before, bits(net));
        double[] state = net.updaterState().toDoubleVector();
        double[] kept = Arrays.copyOfRange(state, GaussNewtonUpdater.HEADER, GaussNewtonUpdater.HEADER + last.length);
        assertEquals(dot(last, last), dot(kept, kept), Tolerances.DOUBLE * dot(last, last));
    }

    @ParameterizedTest
    @MethodSource("both")
    void theStepAfterARejectedOneRemembersNothing(GaussNewtonUpdater.Builder<?> settings) {
        MultiLayerNetwork net = regression(settings);
        net.fit(DATA);
        net.setLearningRate(1e308);
        net.fit(DATA);
        net.setLearningRate(ETA);
        DenseModel model = DenseModel.of(net, DATA);
        double[] delta = direction(net);
        double lambda = report(net).damping();
        double[] g = model.g();
        double[] expected = settings instanceof Sgn.Builder
                ? model.conjugateGradients(g, lambda, new double[g.length], ones(g.length), 3)
                : Matrix.of(model.h()).plusIdentity(lambda).solve(times(-1, g));
        assertDirection(expected, delta);
    }

    /** A network whose loss overflows where a step is too long. */
    private static MultiLayerNetwork regression(GaussNewtonUpdater.Builder<?> settings) {
        return GaussNewton.attach(Small.network(
                build(settings),
                conf -> {},
                Small.layers()[0],
                Small.output(5, Small.CLASSES, LossFunction.MSE, Activation.IDENTITY)));
    }

    private static GaussNewtonUpdater build(GaussNewtonUpdater.Builder<?> settings) {
        return settings instanceof Sgn.Builder sgn ? sgn.build() : ((Egn.Builder) settings).build();
    }

    @Test
    void oneMemoryIsEnough() {
        assertFails(IllegalArgumentException.class, () -> sgn(3).momentum(0.9).build(), "projectedMomentum", "0.9");
        assertFails(IllegalArgumentException.class, () -> sgn(3).warmStart(0.9).build(), "warmStart", "0.9");
        assertFails(
                IllegalArgumentException.class, () -> egn().projectedMomentum(1).build(), "projectedMomentum", "1.0");
    }
}
