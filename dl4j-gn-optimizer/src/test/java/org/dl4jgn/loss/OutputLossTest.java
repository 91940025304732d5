package org.dl4jgn.loss;

import static org.dl4jgn.testing.Networks.normal;
import static org.dl4jgn.testing.Networks.output;
import static org.dl4jgn.testing.Tolerances.FINITE_DIFFERENCE;
import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.dl4jgn.testing.Tolerances.elements;
import static org.dl4jgn.testing.Tolerances.products;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dl4jgn.curvature.ConvexLossTest;
import org.dl4jgn.loss.Reference.Kind;
import org.dl4jgn.testing.Matrix;
import org.dl4jgn.translate.Head;
import org.dl4jgn.translate.OutputActivation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossL2;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import org.nd4j.linalg.lossfunctions.impl.LossNegativeLogLikelihood;
import org.nd4j.linalg.lossfunctions.impl.LossPoisson;
import org.nd4j.linalg.lossfunctions.impl.LossSparseMCXENT;

/** What every loss must be: exact to the last digits, certain outputs or not, with its gradient and a factored Q. */
class OutputLossTest {

    private static final double[] NO_WEIGHTS = {1, 1, 1};
    private static final double[] WEIGHTS = {0.5, 2, 1.5};

    /** Pre-activations of one example: ordinary ones, ties, and outputs that are certain of the first class or against it. */
    private static final double[][] POINTS = {
        {0.25, -1.25, 0.75},
        {2, 2, -1},
        {1.0 / 1024, 0, -1.0 / 1024},
        {17, -2, 0.5},
        {-17, 2, 0.5},
        {40, 0, -3},
        {-40, 0, 3},
        {80, -80, 50},
        {-80, 80, 50},
        {200, -100, 50},
        {-200, 100, 50},
        {1e4, -1e4, 0},
        {-1e4, 1e4, 0},
        {-1e4, -10_001, -9_999},
    };

    /** They take 400 digits, so each is computed once. */
    private static final Map<Case, Map<double[], Reference>> REFERENCES = new IdentityHashMap<>();

    private static final List<Case> CASES = all();

    record Case(ILossFunction loss, Kind kind, Activation activation, double[] labels, double[] weights) {

        private double factor() {
            return loss instanceof LossMSE ? 1.0 / 3 : 1;
        }

        Reference at(double[] z) {
            return REFERENCES
                    .computeIfAbsent(this, c -> new IdentityHashMap<>())
                    .computeIfAbsent(z, x -> new Reference(kind, activation, factor(), x, labels, weights));
        }

        boolean matches() {
            return kind == Kind.LOGARITHMIC && activation == Activation.SOFTMAX
                    || kind == Kind.BINARY && activation == Activation.SIGMOID
                    || kind == Kind.SQUARED && activation == Activation.IDENTITY;
        }

        @Override
        public String toString() {
            return loss + " on " + activation + ", labels " + Arrays.toString(labels) + ", weights "
                    + Arrays.toString(weights);
        }
    }

    /** A loss with the arrays that its owner has. */
    private static final class Loss implements AutoCloseable {
        final INDArray z;
        final INDArray in;
        final INDArray out;
        final OutputLoss loss;

        Loss(Case of, DataType type, double[]... rows) {
            int b = rows.length;
            z = Nd4j.createFromArray(rows).castTo(type);
            in = z.ulike();
            out = z.ulike();
            INDArray omega =
                    of.weights == NO_WEIGHTS ? null : repeated(of.weights, b).castTo(type);
            var conf = output(2, 3, of.activation, of.loss);
            Head head = new Head(1, conf, of.loss, of.activation.getActivationFunction());
            OutputActivation activation = OutputActivation.of(head, z);
            loss = OutputLosses.create(new LossInputs(head, z, activation, new HeadNoise(Map.of()), omega, in, out));
            loss.y.assign(repeated(of.labels, b));
            loss.labelsChanged();
        }

        private static INDArray repeated(double[] row, int b) {
            double[][] rows = new double[b][];
            Arrays.fill(rows, row);
            return Nd4j.createFromArray(rows);
        }

        double sumAt(INDArray point) {
            z.assign(point);
            return loss.sum();
        }

        /** Q of the only example, column by column. */
        double[][] curvature() {
            double[][] q = new double[3][3];
            for (int j = 0; j < 3; j++) {
                in.assign(0.0);
                in.putScalar(0, j, 1.0);
                loss.multiplyCurvature();
                for (int i = 0; i < 3; i++) {
                    q[i][j] = out.getDouble(0, i);
                }
            }
            return q;
        }

        @Override
        public void close() {
            loss.close();
        }
    }

    static Stream<Case> cases() {
        return CASES.stream();
    }

    private static List<Case> all() {
        List<Case> cases = new ArrayList<>();
        double[] first = {1, 0, 0};
        double[] soft = {0.75, 0.125, 0.125};
        double[] any = {2, 0.5, 0};
        for (double[] weights : new double[][] {NO_WEIGHTS, WEIGHTS}) {
            for (double[] labels : new double[][] {first, soft, any}) {
                for (Activation a : new Activation[] {Activation.SOFTMAX, Activation.SIGMOID, Activation.SOFTPLUS}) {
                    cases.add(new Case(new LossMCXENT(), Kind.LOGARITHMIC, a, labels, weights));
                }
            }
            for (double[] labels : new double[][] {first, soft}) {
                cases.add(new Case(new LossBinaryXENT(), Kind.BINARY, Activation.SIGMOID, labels, weights));
            }
            cases.add(new Case(new LossPoisson(), Kind.POISSON, Activation.SOFTPLUS, new double[] {3, 0, 1}, weights));
            cases.add(new Case(new LossMSE(), Kind.SQUARED, Activation.IDENTITY, any, weights));
            cases.add(new Case(new LossL2(), Kind.SQUARED, Activation.IDENTITY, any, weights));
            cases.add(new Case(new LossMSE(), Kind.SQUARED, Activation.SOFTPLUS, any, weights));
        }
        cases.add(new Case(new LossNegativeLogLikelihood(), Kind.LOGARITHMIC, Activation.SOFTMAX, first, NO_WEIGHTS));
        cases.add(new Case(new LossSparseMCXENT(), Kind.LOGARITHMIC, Activation.SOFTMAX, first, NO_WEIGHTS));
        cases.add(new Case(new LossPoisson(), Kind.POISSON, Activation.SOFTMAX, new double[] {3, 0, 1}, NO_WEIGHTS));
        cases.add(new Case(new LossMSE(), Kind.SQUARED, Activation.SOFTMAX, first, WEIGHTS));
        return cases;
    }

    @Test
    void everyLossOfTheRegistryIsTestedHereOrAmongTheConvexOnes() {
        Set<Class<?>> tested = Stream.concat(cases().map(c -> c.loss), ConvexLossTest.losses())
                .map(Object::getClass)
                .collect(Collectors.toCollection(HashSet::new));
        for (Class<?> loss : OutputLosses.entries().keySet()) {
            assertTrue(
                    tested.contains(loss) || !loss.getPackageName().startsWith("org.nd4j"),
                    loss + " has no case among those above");
        }
    }

    private static List<DataType> types() {
        return List.of(DataType.FLOAT, DataType.DOUBLE);
    }

    /** Relative error of a number, or 0 where both are below the normal numbers of the type. */
    private static double error(double expected, double actual, DataType type) {
        double smallest = type == DataType.DOUBLE ? Double.MIN_NORMAL : Float.MIN_NORMAL;
        if (expected == actual || Math.abs(expected) < smallest && Math.abs(actual) <= smallest) {
            return 0;
        }
        return Math.abs(actual - expected) / Math.abs(expected);
    }

    private static void assertExact(double expected, double actual, DataType type, String what) {
        double error = error(expected, actual, type);
        assertTrue(
                error <= elements(type),
                () -> what + " is " + actual + ", not " + expected + ": relative error " + error);
    }

    /** Each point by itself, so that a small loss does not drown in a large one. */
    @ParameterizedTest
    @MethodSource("cases")
    void theSumIsExact(Case c) {
        for (DataType type : types()) {
            for (double[] z : POINTS) {
                try (Loss at = new Loss(c, type, z)) {
                    String what = "ℓ at " + Arrays.toString(z) + " in " + type;
                    if (c.kind == Kind.SQUARED && c.activation == Activation.SOFTMAX) {
                        // of o − y, which is known to the roundoff of one
                        assertEquals(c.at(z).value(), at.loss.sum(), elements(type), what);
                    } else {
                        assertExact(c.at(z).value(), at.loss.sum(), type, what);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theGradientIsExact(Case c) {
        for (DataType type : types()) {
            for (double[] z : POINTS) {
                try (Loss at = new Loss(c, type, z)) {
                    at.loss.sum();
                    at.loss.linearize(1.0);
                    double[] expected = c.at(z).gradient();
                    double largest =
                            Arrays.stream(expected).map(Math::abs).max().orElseThrow();
                    for (int k = 0; k < expected.length; k++) {
                        double actual = at.loss.residual.getDouble(0, k);
                        String what = "r" + k + " at " + Arrays.toString(z) + " in " + type;
                        if (c.matches()) {
                            assertExact(expected[k], actual, type, what);
                        } else {
                            // of two terms of opposite signs
                            assertEquals(expected[k], actual, elements(type) * Math.max(1, largest), what);
                        }
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theCurvatureIsExactSymmetricAndFactored(Case c) {
        for (DataType type : types()) {
            for (double[] z : POINTS) {
                try (Loss at = new Loss(c, type, z)) {
                    at.loss.sum();
                    at.loss.linearize(0.5);
                    double[][] expected = c.at(z).curvature();
                    double[][] actual = at.curvature();
                    double[][] factored = factored(at.loss);
                    double largest = largest(expected) / 2;
                    // a loss that does not match a softmax has terms of order one that cancel
                    double scale = c.matches() || c.activation != Activation.SOFTMAX ? largest : Math.max(1, largest);
                    double tolerance =
                            elements(type) * scale + (type == DataType.DOUBLE ? Double.MIN_NORMAL : Float.MIN_NORMAL);
                    String where = " at " + Arrays.toString(z) + " in " + type;
                    for (int i = 0; i < 3; i++) {
                        for (int j = 0; j < 3; j++) {
                            assertEquals(expected[i][j] / 2, actual[i][j], tolerance, "Q" + i + j + where);
                            assertEquals(actual[j][i], actual[i][j], tolerance, "Q" + i + j + " is Q" + j + i + where);
                            assertEquals(actual[i][j], factored[i][j], 4 * tolerance, "SSᵀ" + i + j + where);
                        }
                    }
                    assertTrue(
                            largest == 0
                                    || Matrix.of(actual)
                                            .times(1 / largest)
                                            .plusIdentity(elements(type))
                                            .isPositiveSemidefinite(elements(type)),
                            "Q is positive semidefinite" + where);
                }
            }
        }
    }

    private static double largest(double[][] matrix) {
        return Arrays.stream(matrix)
                .flatMapToDouble(Arrays::stream)
                .map(Math::abs)
                .max()
                .orElseThrow();
    }

    private static double[][] factored(OutputLoss loss) {
        double[] a = loss.squaredRoot().castTo(DataType.DOUBLE).toDoubleVector();
        @Nullable INDArray shift = loss.rootShift();
        double[] p =
                shift == null ? new double[3] : shift.castTo(DataType.DOUBLE).toDoubleVector();
        double[][] s = new double[3][3];
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) {
                s[i][j] = ((i == j ? 1 : 0) - p[i]) * Math.sqrt(a[j]);
            }
        }
        double[][] result = new double[3][3];
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) {
                for (int k = 0; k < 3; k++) {
                    result[i][j] += s[i][k] * s[j][k];
                }
            }
        }
        return result;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theGradientIsTheDerivativeOfTheSum(Case c) {
        INDArray point = normal(3, 1.0, 4, 3);
        INDArray v = normal(4, 1.0, 4, 3);
        double h = 1e-5;
        try (Loss at = new Loss(c, DataType.DOUBLE, point.toDoubleMatrix())) {
            at.loss.sum();
            at.loss.linearize(0.25);
            double slope = at.loss.residual.mul(v).sumNumber().doubleValue();
            double difference = at.sumAt(point.add(v.mul(h))) - at.sumAt(point.sub(v.mul(h)));
            assertClose(difference / (2 * h), slope, FINITE_DIFFERENCE, "⟨r, v⟩");
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theScoreIsDl4js(Case c) {
        for (DataType type : types()) {
            for (double[] z : POINTS) {
                try (Loss at = new Loss(c, type, z)) {
                    INDArray labels = c.loss instanceof LossSparseMCXENT
                            ? Nd4j.createFromArray(new double[][] {{0}})
                            : Nd4j.createFromArray(new double[][] {c.labels});
                    INDArray omega = Nd4j.createFromArray(new double[][] {c.weights});
                    double expected = c.loss.computeScore(
                            labels.castTo(type),
                            at.z.dup(),
                            c.activation.getActivationFunction(),
                            c.weights == NO_WEIGHTS ? null : omega.castTo(type),
                            false);
                    double exact = at.loss.sum();
                    String what = "score at " + Arrays.toString(z) + " in " + type;
                    if (!Double.isFinite(expected)) {
                        assertEquals(exact, at.loss.score(), what);
                    } else if (c.activation == Activation.SOFTPLUS || c.activation == Activation.SIGMOID && isLog(c)) {
                        // DL4J's own rounding of log(1 + eᶻ) and log σ(z), which it does not clip
                        assertEquals(expected, at.loss.score(), roundingOfDl4j(z, type), what);
                    } else {
                        assertEquals(
                                expected, at.loss.score(), products(type) * Math.max(1e-3, Math.abs(expected)), what);
                    }
                }
            }
        }
    }

    private static boolean isLog(Case c) {
        return c.kind == Kind.LOGARITHMIC;
    }

    /** Unit roundoff of one, relative to the least output, in six terms with labels up to three and weights up to two. */
    private static double roundingOfDl4j(double[] z, DataType type) {
        double least = Math.exp(Math.min(0, Arrays.stream(z).min().orElseThrow()));
        double largest = Arrays.stream(z).map(Math::abs).max().orElseThrow();
        double unit = type == DataType.DOUBLE ? Math.ulp(1.0) : Math.ulp(1.0f);
        return 36 * unit * Math.max(largest, 1 / least);
    }

    /** r, Q and the products of a linearization stay while other points are evaluated. */
    @ParameterizedTest
    @MethodSource("cases")
    void evaluatingLeavesTheLinearizationAlone(Case c) {
        try (Loss at = new Loss(c, DataType.DOUBLE, POINTS[0])) {
            at.loss.sum();
            at.loss.linearize(0.25);
            double[] r = at.loss.residual.toDoubleVector();
            double[][] q = at.curvature();
            at.sumAt(Nd4j.createFromArray(new double[][] {POINTS[3]}));
            at.loss.score();
            assertArrayEquals(r, at.loss.residual.toDoubleVector());
            assertArrayEquals(q, at.curvature());
        }
    }

    /** The curvature and its root have the weight, r has not. */
    @ParameterizedTest
    @MethodSource("cases")
    void theWeightIsTheOwners(Case c) {
        try (Loss at = new Loss(c, DataType.DOUBLE, POINTS[0])) {
            at.loss.sum();
            at.loss.linearize(1.0);
            double[] r = at.loss.residual.toDoubleVector();
            double[] root = at.loss.squaredRoot().toDoubleVector();
            double[][] q = at.curvature();
            at.loss.linearize(0.25);
            assertArrayEquals(r, at.loss.residual.toDoubleVector());
            assertArrayEquals(
                    Arrays.stream(root).map(x -> x / 4).toArray(),
                    at.loss.squaredRoot().toDoubleVector());
            double[][] quarter = at.curvature();
            for (int i = 0; i < 3; i++) {
                for (int j = 0; j < 3; j++) {
                    assertEquals(q[i][j] / 4, quarter[i][j], 1e-16);
                }
            }
        }
    }

    // ---- the least value --------------------------------------------------------------------------------------------

    @ParameterizedTest
    @MethodSource("cases")
    void noOutputsGiveLessThanTheLeastSum(Case c) {
        if (c.kind == Kind.LOGARITHMIC && c.activation == Activation.SOFTPLUS) {
            return; // not bounded from below
        }
        INDArray points = normal(5, 3.0, 200, 3);
        try (Loss at = new Loss(c, DataType.DOUBLE, points.toDoubleMatrix())) {
            assertTrue(at.loss.sum() >= at.loss.leastSum());
            assertTrue(Double.isFinite(at.loss.leastSum()));
        }
        try (Loss single = new Loss(c, DataType.DOUBLE, POINTS[0])) {
            double least = single.loss.leastSum();
            for (long i = 0; i < points.size(0); i++) {
                assertTrue(single.sumAt(points.getRow(i, true)) >= least, () -> "least " + least);
            }
        }
    }

    /** Where the outputs say what the labels say. */
    @Test
    void theLeastSumIsReached() {
        double[] soft = {0.75, 0.125, 0.125};
        for (double[] weights : new double[][] {NO_WEIGHTS, WEIGHTS}) {
            Case softmax = new Case(new LossMCXENT(), Kind.LOGARITHMIC, Activation.SOFTMAX, soft, weights);
            double[] logits = new double[3];
            double[] odds = new double[3];
            double[] inverse = new double[3];
            double[] counts = {3, 0.5, 1};
            for (int k = 0; k < 3; k++) {
                logits[k] = Math.log(weights[k] * soft[k]);
                odds[k] = Math.log(soft[k] / (1 - soft[k]));
                inverse[k] = Math.log(Math.expm1(counts[k]));
            }
            assertReached(softmax, logits);
            assertReached(new Case(new LossBinaryXENT(), Kind.BINARY, Activation.SIGMOID, soft, weights), odds);
            assertReached(new Case(new LossPoisson(), Kind.POISSON, Activation.SOFTPLUS, counts, weights), inverse);
        }
    }

    private static void assertReached(Case c, double[] z) {
        try (Loss at = new Loss(c, DataType.DOUBLE, z)) {
            assertClose(at.loss.sum(), at.loss.leastSum(), 1e-14, "least sum of " + c);
            assertTrue(Math.abs(at.loss.leastSum()) > 0.1);
        }
    }

    @Test
    void labelsWithoutDoubtHaveALeastSumOfZero() {
        for (DataType type : types()) {
            for (double[] weights : new double[][] {NO_WEIGHTS, WEIGHTS}) {
                double[] first = {1, 0, 0};
                for (Case c : List.of(
                        new Case(new LossMCXENT(), Kind.LOGARITHMIC, Activation.SOFTMAX, first, weights),
                        new Case(new LossBinaryXENT(), Kind.BINARY, Activation.SIGMOID, first, weights))) {
                    try (Loss at = new Loss(c, type, POINTS[0])) {
                        assertEquals(0.0, at.loss.leastSum(), 0.0);
                    }
                }
            }
        }
    }

    @Test
    void theLeastSumFollowsTheLabels() {
        Case c = new Case(new LossPoisson(), Kind.POISSON, Activation.SOFTPLUS, new double[] {3, 0, 1}, NO_WEIGHTS);
        try (Loss at = new Loss(c, DataType.DOUBLE, POINTS[0])) {
            assertEquals(4 - 3 * Math.log(3), at.loss.leastSum(), 1e-14);
            at.loss.y.assign(2.0);
            at.loss.labelsChanged();
            assertEquals(3 * (2 - 2 * Math.log(2)), at.loss.leastSum(), 1e-14);
        }
    }

    // ---- the domain of logarithms, memory ---------------------------------------------------------------------------

    /** 0·log 0 is 0; a positive label on an output of zero is an infinite loss, and says so. */
    @Test
    void anOutputOfZeroIsRightForALabelOfZero() {
        for (DataType type : types()) {
            for (double[] weights : new double[][] {NO_WEIGHTS, WEIGHTS}) {
                double[] z = {2, -1, 0};
                Case right =
                        new Case(new LossPoisson(), Kind.POISSON, Activation.RELU, new double[] {2, 0, 0}, weights);
                try (Loss at = new Loss(right, type, z)) {
                    assertEquals(weights[0] * (2 - 2 * Math.log(2)), at.loss.sum(), 1e-6);
                    at.loss.linearize(1.0);
                    assertEquals(0.0, at.loss.residual.getDouble(0, 0), 1e-6);
                    assertTrue(Double.isFinite(at.loss.residual.sumNumber().doubleValue()));
                }
                Case wrong =
                        new Case(new LossPoisson(), Kind.POISSON, Activation.RELU, new double[] {2, 1, 0}, weights);
                try (Loss at = new Loss(wrong, type, z)) {
                    assertEquals(Double.POSITIVE_INFINITY, at.loss.sum());
                }
            }
        }
    }

    /** Otherwise a negative rate of no events would be the better the larger it is. */
    @Test
    void aNegativeOutputIsOutsideOfPoissonsDomain() {
        Case c = new Case(new LossPoisson(), Kind.POISSON, Activation.IDENTITY, new double[] {2, 0, 1}, NO_WEIGHTS);
        try (Loss at = new Loss(c, DataType.DOUBLE, new double[] {2, -1, 1})) {
            assertTrue(Double.isNaN(at.loss.sum()));
        }
    }

    @Test
    void closingFreesWhatTheLossAllocatedAndNothingElse() {
        cases().forEach(c -> {
            Loss at = new Loss(c, DataType.FLOAT, POINTS[0]);
            INDArray root = at.loss.squaredRoot();
            at.close();
            for (INDArray array : List.of(at.loss.y, at.loss.residual, root)) {
                assertTrue(array.wasClosed(), () -> c + " closes its arrays");
            }
            for (INDArray array : List.of(at.z, at.in, at.out)) {
                assertTrue(!array.wasClosed(), () -> c + " leaves its owner's arrays");
            }
        });
    }
}
