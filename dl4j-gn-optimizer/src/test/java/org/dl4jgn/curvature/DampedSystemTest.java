package org.dl4jgn.curvature;

import static org.dl4jgn.testing.Networks.classes;
import static org.dl4jgn.testing.Networks.dense;
import static org.dl4jgn.testing.Networks.normal;
import static org.dl4jgn.testing.Networks.oneHot;
import static org.dl4jgn.testing.Networks.output;
import static org.dl4jgn.testing.Networks.uniform;
import static org.dl4jgn.testing.Tolerances.DOUBLE;
import static org.dl4jgn.testing.Tolerances.ROUNDING;
import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.dl4jgn.testing.Tolerances.products;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.dropout.AlphaDropout;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.linalg.ConjugateGradient;
import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.problem.DampedSystem;
import org.dl4jgn.problem.RowSpace;
import org.dl4jgn.testing.Matrix;
import org.dl4jgn.testing.Networks;
import org.dl4jgn.testing.PosedNetwork;
import org.dl4jgn.testing.Systems;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.custom.LinearSolve;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossL2;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import org.nd4j.linalg.lossfunctions.impl.LossPoisson;
import org.nd4j.linalg.lossfunctions.impl.LossSparseMCXENT;

/** Every system gives −(H + λI)⁻¹g, and rows of J are what products say they are. */
class DampedSystemTest {

    private static final int B = 6;

    /** A network with a batch. */
    record Case(
            String name,
            UnaryOperator<NeuralNetConfiguration.Builder> settings,
            List<Layer> layers,
            INDArray labels,
            @Nullable INDArray mask) {

        static Case of(String name, INDArray labels, Layer... layers) {
            return new Case(name, b -> b, List.of(layers), labels, null);
        }

        Case l2(double weights, double bias) {
            return new Case(name + ", l2", b -> b.l2(weights).l2Bias(bias), layers, labels, mask);
        }

        Case masked(INDArray by) {
            return new Case(name + ", masked", settings, layers, labels, by);
        }

        MultiLayerNetwork network(DataType type) {
            return Networks.of(type, settings, layers.stream().map(Layer::clone).toArray(Layer[]::new));
        }

        PosedNetwork linearized(DataType type) {
            return new PosedNetwork(network(type), features(type), labels.castTo(type), mask);
        }

        boolean isRandom() {
            return layers.stream().anyMatch(layer -> layer.getIDropout() != null);
        }

        /** −(H + λI)⁻¹g in working order, from H's products with unit vectors, by elimination in plain loops. */
        INDArray exact(double lambda) {
            try (PosedNetwork at = linearized(DataType.DOUBLE)) {
                double[] minusG = at.gradient().neg().toDoubleVector();
                return Nd4j.createFromArray(matrix(at).plusIdentity(lambda).solve(minusG));
            }
        }

        /** tr JJᵀ ≥ ‖JJᵀ‖. */
        double jacobianNorm() {
            try (Linearization at = GaussNewton.linearize(network(DataType.DOUBLE))) {
                return Matrix.of(at.at(features(DataType.DOUBLE), labels, mask).gram())
                        .trace();
            }
        }

        Matrix matrix(PosedNetwork at) {
            return Matrix.ofProducts(at.parameterCount(), v -> product(at, v));
        }

        INDArray product(PosedNetwork at, INDArray v) {
            INDArray product = at.newVector();
            at.gaussNewton().apply(v, product);
            return product;
        }

        INDArray features(DataType type) {
            return normal(11, 1.0, labels.size(0), 4).castTo(type);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static DenseLayer noBias(int in, int out) {
        return new DenseLayer.Builder()
                .nIn(in)
                .nOut(out)
                .hasBias(false)
                .activation(Activation.SOFTPLUS)
                .build();
    }

    static Stream<Case> cases() {
        INDArray real = normal(5, 1.0, B, 3);
        INDArray onehot = oneHot(classes(6, B, 3), 3);
        INDArray weights = Nd4j.createFromArray(0.5, 1.5, 1.0);
        DenseLayer dropped = dense(4, 5, Activation.TANH);
        dropped.setIDropout(new Dropout(0.6));
        return Stream.of(
                Case.of(
                        "one output",
                        normal(5, 1.0, B, 1),
                        dense(4, 5, Activation.SIGMOID),
                        output(5, 1, Activation.IDENTITY, new LossMSE())),
                Case.of(
                        "batch of one",
                        normal(5, 1.0, 1, 3),
                        dense(4, 5, Activation.TANH),
                        output(5, 3, Activation.IDENTITY, new LossL2())),
                Case.of(
                        "batch of one, one output",
                        normal(5, 1.0, 1, 1),
                        dense(4, 3, Activation.TANH),
                        output(3, 1, Activation.SIGMOID, new LossBinaryXENT())),
                Case.of(
                        "softmax",
                        onehot,
                        dense(4, 5, Activation.TANH),
                        dense(5, 4, Activation.SIGMOID),
                        output(4, 3, Activation.SOFTMAX, new LossMCXENT())),
                Case.of(
                        "weighted softmax",
                        onehot,
                        dense(4, 5, Activation.ELU),
                        output(5, 3, Activation.SOFTMAX, new LossMCXENT(weights))),
                Case.of(
                        "class indices",
                        classes(6, B, 3),
                        dense(4, 5, Activation.RELU),
                        output(5, 3, Activation.SOFTMAX, new LossSparseMCXENT())),
                Case.of(
                        "several labels",
                        uniform(7, 0, 1, B, 3),
                        dense(4, 5, Activation.SWISH),
                        output(5, 3, Activation.SIGMOID, new LossBinaryXENT(weights))),
                Case.of(
                        "squared error on sigmoid",
                        uniform(7, 0, 1, B, 3),
                        dense(4, 5, Activation.LEAKYRELU),
                        output(5, 3, Activation.SIGMOID, new LossMSE())),
                Case.of(
                        "squared error on softmax",
                        onehot,
                        dense(4, 5, Activation.TANH),
                        output(5, 3, Activation.SOFTMAX, new LossMSE())),
                Case.of(
                        "poisson",
                        uniform(7, 0, 4, B, 3),
                        dense(4, 5, Activation.TANH),
                        output(5, 3, Activation.SOFTPLUS, new LossPoisson())),
                Case.of("no bias", real, noBias(4, 5), output(5, 3, Activation.IDENTITY, new LossMSE())),
                Case.of(
                        "layers without parameters",
                        onehot,
                        dense(4, 5, Activation.IDENTITY),
                        new ActivationLayer(Activation.CUBE),
                        new DropoutLayer(new AlphaDropout(0.8)),
                        dense(5, 3, Activation.IDENTITY),
                        new LossLayer.Builder(new LossMCXENT())
                                .activation(Activation.SOFTMAX)
                                .build()),
                Case.of("dropout", onehot, dropped, output(5, 3, Activation.SOFTMAX, new LossMCXENT())),
                Case.of("single layer", onehot, output(4, 3, Activation.SOFTMAX, new LossMCXENT())),
                Case.of(
                                "softmax",
                                onehot,
                                dense(4, 5, Activation.TANH),
                                output(5, 3, Activation.SOFTMAX, new LossMCXENT()))
                        .l2(0.3, 0.0),
                Case.of(
                                "one output",
                                normal(5, 1.0, B, 1),
                                dense(4, 5, Activation.SIGMOID),
                                output(5, 1, Activation.IDENTITY, new LossMSE()))
                        .l2(0.2, 0.05),
                Case.of(
                                "softmax",
                                onehot,
                                dense(4, 5, Activation.TANH),
                                output(5, 3, Activation.SOFTMAX, new LossMCXENT()))
                        .masked(Nd4j.createFromArray(1.0, 0, 1, 1, 0, 1).reshape(B, 1)),
                Case.of(
                                "squared error",
                                real,
                                dense(4, 5, Activation.TANH),
                                output(5, 3, Activation.IDENTITY, new LossMSE()))
                        .masked(Nd4j.createFromArray(
                                new double[][] {{1, 1, 0}, {1, 0, 0}, {0, 0, 0}, {1, 1, 1}, {0, 1, 1}, {1, 1, 1}})));
    }

    private static DampedSystem open(PosedNetwork at, String system, DataType type) {
        return Systems.open(at.rows(), system, type);
    }

    static Stream<Arguments> systems() {
        return cases().flatMap(c -> Stream.of(DataType.DOUBLE, DataType.FLOAT)
                .filter(type -> type == DataType.DOUBLE || !c.isRandom()) // draws depend on the type
                .flatMap(type -> Systems.ALL.stream()
                        .flatMap(kind -> Stream.of(1.0, 1e-2).map(lambda -> Arguments.of(c, type, kind, lambda)))));
    }

    @ParameterizedTest(name = "{0}, {1}, {2}, λ = {3}")
    @MethodSource("systems")
    void solvesTheDampedSystem(Case c, DataType type, String kind, double lambda) {
        INDArray expected = c.exact(lambda);
        try (PosedNetwork at = c.linearized(type)) {
            DampedSystem system = open(at, kind, DataType.DOUBLE);
            INDArray delta = at.newVector();
            assertTrue(system.solve(lambda, null, delta));
            assertClose(expected, delta, products(type), "Δ");
        }
    }

    /** Sizes at which the Gram matrix is assembled in several panels, the last one shorter. */
    static Stream<Arguments> severalPanels() {
        return Stream.of(
                        new int[] {50, 3}, new int[] {65, 1}, new int[] {200, 1}, new int[] {3, 80}, new int[] {37, 10})
                .flatMap(size ->
                        Stream.of(DataType.DOUBLE, DataType.FLOAT).map(type -> Arguments.of(size[0], size[1], type)));
    }

    @ParameterizedTest(name = "{0} examples, {1} outputs, {2}")
    @MethodSource("severalPanels")
    void panelsFitTogether(int b, int c, DataType type) {
        Case big = new Case(
                "several panels",
                settings -> settings.l2(0.01),
                List.of(
                        dense(4, 5, Activation.TANH),
                        dense(5, 4, Activation.SIGMOID),
                        c == 1
                                ? output(4, c, Activation.IDENTITY, new LossMSE())
                                : output(4, c, Activation.SOFTMAX, new LossMCXENT())),
                c == 1 ? normal(5, 1.0, b, 1) : oneHot(classes(6, b, c), c),
                null);
        try (Linearization at = GaussNewton.linearize(big.network(type))) {
            at.at(big.features(type), big.labels.castTo(type));
            INDArray j = at.jacobian().castTo(DataType.DOUBLE);
            assertClose(j.mmul(j.transpose()), at.gram(), products(type), "JJᵀ");
        }
        INDArray expected = big.exact(0.1);
        try (PosedNetwork at = big.linearized(type)) {
            for (String kind : Systems.ALL) {
                DampedSystem system = open(at, kind, DataType.DOUBLE);
                INDArray delta = at.newVector();
                assertTrue(system.solve(0.1, null, delta));
                assertClose(expected, delta, products(type), kind + ": Δ");
            }
        }
    }

    /** The memory that a system needs is known before it is made: at most a fifth, or some kilobytes, too much. */
    @ParameterizedTest
    @MethodSource("cases")
    void memoryIsKnownBefore(Case c) {
        try (PosedNetwork at = c.linearized(DataType.FLOAT)) {
            for (String kind : Systems.ALL) {
                for (DataType type : List.of(DataType.FLOAT, DataType.DOUBLE)) {
                    RowSpace.SystemOffer offer = Systems.offer(at.rows(), kind);
                    long known = offer.bytes(type);
                    // with no room for any other
                    offer.open(type, known);
                    long taken = at.problems().systems().bytes();
                    assertTrue(taken <= known, () -> kind + " " + type + ": " + taken + " of " + known);
                    assertTrue(known <= 1.2 * taken + 4096, () -> kind + " " + type + ": " + taken + " of " + known);
                }
            }
        }
    }

    /** The paper's own formula, with explicit J, unsymmetric matrix and no regularization: Δ = −Jᵀ(QJJᵀ + bλI)⁻¹r. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void equalsTheExplicitJacobiansDirection(boolean softmax) {
        Case c = softmax
                ? Case.of(
                        "softmax",
                        oneHot(classes(6, B, 3), 3),
                        dense(4, 5, Activation.TANH),
                        output(5, 3, Activation.SOFTMAX, new LossMCXENT()))
                : Case.of(
                        "squared error",
                        normal(5, 1.0, B, 3),
                        dense(4, 5, Activation.TANH),
                        output(5, 3, Activation.IDENTITY, new LossMSE()));
        double lambda = 0.1;
        try (Linearization at = GaussNewton.linearize(c.network(DataType.DOUBLE));
                PosedNetwork working = c.linearized(DataType.DOUBLE)) {
            INDArray z = at.at(c.features(DataType.DOUBLE), c.labels).preOutput();
            INDArray o = softmax ? Nd4j.nn().softmax(z, 1) : z;
            INDArray r = softmax ? o.sub(c.labels) : o.sub(c.labels).mul(2.0 / 3);
            INDArray q = Nd4j.zeros(DataType.DOUBLE, 3 * B, 3 * B);
            for (int i = 0; i < B; i++) {
                for (int k = 0; k < 3; k++) {
                    for (int m = 0; m < 3; m++) {
                        double same = k == m ? 1 : 0;
                        double value = softmax ? o.getDouble(i, k) * (same - o.getDouble(i, m)) : same * 2.0 / 3;
                        q.putScalar(3 * i + k, 3 * i + m, value);
                    }
                }
            }
            INDArray j = at.jacobian();
            INDArray system = q.mmul(j)
                    .mmul(j.transpose())
                    .add(Nd4j.eye(3 * B).castTo(DataType.DOUBLE).mul(B * lambda));
            INDArray delta = Nd4j.exec(new LinearSolve(system, r.reshape(3 * B, 1)))[0];
            INDArray expected = j.transpose().mmul(delta).neg();

            DampedSystem gram = open(working, Systems.GRAM, DataType.DOUBLE);
            INDArray found = working.newVector();
            assertTrue(gram.solve(lambda, null, found));
            INDArray inNetworkOrder = working.newVector();
            working.problems().order().toNetworkOrder(found, inNetworkOrder);
            assertClose(expected.reshape(found.length()), inNetworkOrder, DOUBLE, "Δ");
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void conjugateGradientsConvergeToTheSameDirection(Case c) {
        try (PosedNetwork at = c.linearized(DataType.DOUBLE)) {
            INDArray iterated = at.newVector();
            int d = (int) at.parameterCount();
            new ConjugateGradient(DataType.DOUBLE, d)
                    .solve(
                            at.gaussNewton(),
                            at.gradient(),
                            0.1,
                            null,
                            false,
                            iterated,
                            new ConjugateGradient.Stopping(3 * d, 1e-14, 0, d));
            assertClose(c.exact(0.1), iterated, DOUBLE, "Δ");
        }
    }

    static Stream<Arguments> smallDampings() {
        return cases().flatMap(c -> Stream.of(1e-4, 1e-6, 1e-8).map(lambda -> Arguments.of(c, lambda)));
    }

    /** The terms that cancel are up to ‖JJᵀ‖/(bλ) times the result, and the residual is that much above rounding. */
    @ParameterizedTest(name = "{0}, λ = {1}")
    @MethodSource("smallDampings")
    void smallDampingCostsDigitsOnceAndNotTwice(Case c, double lambda) {
        try (PosedNetwork at = c.linearized(DataType.DOUBLE)) {
            DampedSystem gram = open(at, Systems.GRAM, DataType.DOUBLE);
            INDArray delta = at.newVector();
            assertTrue(gram.solve(lambda, null, delta));
            INDArray residual = c.product(at, delta).add(delta.mul(lambda)).add(at.gradient());
            double relative = Vectors.norm2(residual) / Vectors.norm2(at.gradient());
            double condition = c.jacobianNorm() / (at.problem().examples() * lambda);
            assertTrue(relative <= ROUNDING + 1e-15 * condition, () -> relative + " with condition " + condition);
        }
    }

    /** Probabilities near 1e-12 of the right class: r is not S times anything of moderate size. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void certainAndWrongOutputsCostNoDigits(boolean softmax) {
        Case c = Case.of(
                "certain and wrong",
                oneHot(classes(6, B, 3), 3),
                dense(4, 5, Activation.TANH),
                softmax
                        ? output(5, 3, Activation.SOFTMAX, new LossMCXENT())
                        : output(5, 3, Activation.SIGMOID, new LossBinaryXENT()));
        try (PosedNetwork at = c.linearized(DataType.DOUBLE)) {
            at.linearize(at.theta().mul(40.0));
            INDArray minusG = at.gradient().neg();
            assertTrue(smallest(Nd4j.nn().softmax(at.point().preOutputs().get(0), 1)) < 1e-10);
            INDArray expected =
                    Nd4j.createFromArray(c.matrix(at).plusIdentity(0.1).solve(minusG.toDoubleVector()));
            DampedSystem gram = open(at, Systems.GRAM, DataType.DOUBLE);
            INDArray delta = at.newVector();
            assertTrue(gram.solve(0.1, null, delta));
            assertClose(expected, delta, DOUBLE, "Δ");
        }
    }

    private static double smallest(INDArray array) {
        return array.minNumber().doubleValue();
    }

    /** What float32 loses of the factorization, corrections by float32 products give back. */
    @ParameterizedTest
    @MethodSource("cases")
    void correctionsFromTheResidualConverge(Case c) {
        if (c.isRandom()) {
            return;
        }
        try (PosedNetwork at = c.linearized(DataType.DOUBLE)) {
            for (String kind : Systems.ALL) {
                DampedSystem system = open(at, kind, DataType.FLOAT);
                INDArray delta = at.newVector();
                assertTrue(system.solve(0.1, null, delta));
                for (int i = 0; i < 4; i++) {
                    INDArray residual = c.product(at, delta).add(delta.mul(0.1)).add(at.gradient());
                    system.correct(residual.neg(), delta);
                }
                assertClose(c.exact(0.1), delta, DOUBLE, kind + ": Δ");
            }
        }
    }

    /** A system that was made and used for another batch and other parameters, with the same number of examples. */
    @ParameterizedTest
    @MethodSource("cases")
    void systemsServeEveryBatchPointAndDamping(Case c) {
        try (PosedNetwork at = c.linearized(DataType.DOUBLE)) {
            INDArray other = normal(12, 1.0, c.labels.size(0), 4);
            at.pose(other, Nd4j.reverse(c.labels.dup()), c.mask, normal(13, 0.5, at.parameterCount()));
            INDArray delta = at.newVector();
            List<DampedSystem> before = new ArrayList<>();
            for (String kind : Systems.ALL) {
                before.add(open(at, kind, DataType.DOUBLE));
                assertTrue(before.get(before.size() - 1).solve(7.0, null, delta));
            }
            long kept = at.problems().systems().bytes();

            at.pose(c.features(DataType.DOUBLE), c.labels, c.mask, at.theta());
            for (String kind : Systems.ALL) {
                DampedSystem system = open(at, kind, DataType.DOUBLE);
                assertTrue(system.solve(0.1, null, delta));
                assertClose(c.exact(0.1), delta, DOUBLE, kind + ": Δ");
            }
            assertEquals(kept, at.problems().systems().bytes(), "nothing is made anew");
            before.forEach(system ->
                    assertThrows(IllegalStateException.class, () -> system.solve(0.1, null, delta), "its point ended"));
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void rowsOfTheJacobianAreItsProducts(Case c) {
        MultiLayerNetwork net = c.network(DataType.DOUBLE);
        try (Linearization at = GaussNewton.linearize(net).at(c.features(DataType.DOUBLE), c.labels, c.mask)) {
            INDArray j = Matrix.ofProducts(net.numParams(), v -> at.jvp(v)).toArray();
            assertClose(j, at.jacobian(), ROUNDING, "J");
            assertClose(j.mmul(j.transpose()), at.gram(), ROUNDING, "JJᵀ");
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void gradientsOfExamplesAreThoseOfBatchesOfOne(Case c) {
        MultiLayerNetwork net = c.network(DataType.DOUBLE);
        INDArray x = c.features(DataType.DOUBLE);
        try (Linearization at = GaussNewton.linearize(net).at(x, c.labels, c.mask);
                Linearization one = GaussNewton.linearize(net)) {
            INDArray rows = at.perExampleGradients();
            assertArrayEquals(new long[] {x.size(0), net.numParams()}, rows.shape());
            INDArray regularization = regularization(net, c);
            assertClose(at.gradient(), rows.mean(0).add(regularization), ROUNDING, "mean");
            for (int i = 0; i < x.size(0) && !c.isRandom(); i++) {
                INDArray mask = c.mask == null ? null : c.mask.getRow(i, true);
                one.at(x.getRow(i, true), c.labels.getRow(i, true), mask);
                INDArray expected = one.gradient().sub(regularization);
                assertEquals(0, rows.getRow(i).distance2(expected), ROUNDING, "example " + i);
            }
        }
    }

    /** Dθ: the gradient where a mask leaves nothing of the loss. */
    private static INDArray regularization(MultiLayerNetwork net, Case c) {
        try (Linearization at = GaussNewton.linearize(net)) {
            return at.at(c.features(DataType.DOUBLE), c.labels, Nd4j.zeros(DataType.DOUBLE, c.labels.size(0), 1))
                    .gradient();
        }
    }
}
