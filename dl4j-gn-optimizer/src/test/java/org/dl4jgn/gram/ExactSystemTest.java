package org.dl4jgn.gram;

import static org.dl4jgn.testing.Networks.normal;
import static org.dl4jgn.testing.Tolerances.DOUBLE;
import static org.dl4jgn.testing.Tolerances.ROUNDING;
import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.dl4jgn.gram.DampedDiagonal.PenaltyAt;
import org.dl4jgn.gram.DenseRows.Model;
import org.dl4jgn.linalg.Span;
import org.dl4jgn.linalg.SpdSolver;
import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.problem.Penalty;
import org.dl4jgn.testing.Matrix;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Every system gives (H + λI)⁻¹(−g + a), here for explicit matrices and no network. */
class ExactSystemTest {

    private static final int OUTPUTS = 3;

    /** How a system is made of rows. */
    private enum Kind {
        GRAM,
        GRAM_PORTABLE,
        GRAM_KEEPING,
        PARAMETERS,
        PARAMETERS_PORTABLE,
        PARAMETERS_KEEPING;

        boolean isPortable() {
            return this == GRAM_PORTABLE || this == PARAMETERS_PORTABLE;
        }

        boolean keeps() {
            return this == GRAM_KEEPING || this == PARAMETERS_KEEPING;
        }

        ExactSystem make(Rows rows) {
            return switch (this) {
                case GRAM, GRAM_KEEPING -> new GramSystem(rows, SpdSolver.create(), keeps());
                case GRAM_PORTABLE -> new GramSystem(rows, SpdSolver.portable(), false);
                case PARAMETERS, PARAMETERS_KEEPING -> new ParameterSystem(rows, SpdSolver.create(), keeps());
                case PARAMETERS_PORTABLE -> new ParameterSystem(rows, SpdSolver.portable(), false);
            };
        }
    }

    /** A linear model with l2 and an addend. */
    private record Case(String name, Model model, double[] l2, boolean hasAddend) {

        Case with(double... coefficients) {
            return new Case(name + ", l2", model, coefficients, hasAddend);
        }

        Case withAddend() {
            return new Case(name + ", addend", model, l2, true);
        }

        List<Span> parts() {
            int head = model.d() / 3;
            return List.of(new Span(0, head), new Span(head, model.d() - head));
        }

        INDArray theta() {
            return normal(21, 1.0, model.d());
        }

        @Nullable
        INDArray addend() {
            return hasAddend ? normal(22, 0.5, model.d()) : null;
        }

        DampedDiagonal p(double lambda) {
            Penalty penalty = new Penalty(parts(), l2, DataType.DOUBLE);
            return new DampedDiagonal(penalty.isZero() ? null : new PenaltyAt(penalty, theta()), lambda);
        }

        DenseRows rows() {
            return new DenseRows(model, model.s().columns() / (model.s().rows() / OUTPUTS), parts());
        }

        double[] diagonal() {
            double[] diagonal = new double[model.d()];
            Arrays.fill(diagonal, l2[1]);
            Arrays.fill(diagonal, 0, (int) parts().get(0).length(), l2[0]);
            return diagonal;
        }

        /** H + λI. */
        Matrix matrix(double lambda) {
            return model.curvature().plus(Matrix.diagonal(diagonal())).plusIdentity(lambda);
        }

        /** −g + a. */
        double[] rightHandSide() {
            double[] result = model.gradient();
            double[] diagonal = diagonal();
            for (int i = 0; i < result.length; i++) {
                double a = hasAddend ? addend().getDouble(i) : 0;
                result[i] = -result[i] - diagonal[i] * theta().getDouble(i) + a;
            }
            return result;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** Squared errors: Q = diag(1, 2, 3, ...)/2, with zeros where {@code zeros} says, and there no preimage. */
    private static Model squares(int examples, int d, boolean zeros, double normalizer) {
        int m = examples * OUTPUTS;
        double[] root = new double[m];
        double[] r = normal(31, 1.0, m).toDoubleVector();
        double[] w = new double[m];
        for (int k = 0; k < m; k++) {
            root[k] = zeros && k % 4 == 1 ? 0 : Math.sqrt((k % 5 + 1) / 2.0);
            w[k] = r[k] / root[k];
        }
        return new Model(Matrix.of(normal(32, 1.0, m, d)), Matrix.diagonal(root), r, zeros ? null : w, normalizer);
    }

    /** Q of rank 2 of 3 for each example, with as many rows. */
    private static Model lowRank(int examples, int d) {
        int m = examples * OUTPUTS;
        int n = examples * (OUTPUTS - 1);
        INDArray elements = normal(37, 1.0, m, OUTPUTS - 1);
        Matrix s = Matrix.zeros(m, n);
        for (int k = 0; k < m; k++) {
            for (int l = 0; l < OUTPUTS - 1; l++) {
                s.set(k, k / OUTPUTS * (OUTPUTS - 1) + l, elements.getDouble(k, l));
            }
        }
        double[] w = normal(38, 1.0, n).toDoubleVector();
        return new Model(Matrix.of(normal(39, 1.0, m, d)), s, s.times(w), w, examples);
    }

    /** Q = 0 everywhere. */
    private static Model flat(int examples, int d) {
        int m = examples * OUTPUTS;
        double[] r = normal(33, 1.0, m).toDoubleVector();
        return new Model(Matrix.of(normal(34, 1.0, m, d)), Matrix.zeros(m, m), r, null, examples);
    }

    /** Softmax with cross-entropy on logits of a given size; the last class of each example is the right one. */
    private static Model softmax(int examples, int d, double scale, boolean isPreimageUsed, double normalizer) {
        int m = examples * OUTPUTS;
        double[] z = normal(35, scale, m).toDoubleVector();
        Matrix s = Matrix.zeros(m, m);
        double[] r = new double[m];
        double[] w = new double[m];
        for (int i = 0; i < m; i += OUTPUTS) {
            double sum = 0;
            for (int k = i; k < i + OUTPUTS; k++) {
                sum += Math.exp(z[k]);
            }
            for (int k = i; k < i + OUTPUTS; k++) {
                double p = Math.exp(z[k]) / sum;
                r[k] = k == i + OUTPUTS - 1 ? -(sum - Math.exp(z[k])) / sum : p;
                w[k] = r[k] / Math.sqrt(p);
                for (int l = i; l < i + OUTPUTS; l++) {
                    double root = Math.sqrt(Math.exp(z[l]) / sum);
                    s.set(k, l, (k == l ? root : 0) - p * root);
                }
            }
        }
        return new Model(Matrix.of(normal(36, 1.0, m, d)), s, r, isPreimageUsed ? w : null, normalizer);
    }

    private static Case plain(String name, Model model) {
        return new Case(name, model, new double[] {0, 0}, false);
    }

    private static Stream<Case> cases() {
        return Stream.of(
                        plain("d < n", squares(5, 4, false, 5)),
                        plain("d > n", squares(2, 20, false, 2)),
                        plain("d > n, N ≠ b", squares(2, 20, false, 7.5)),
                        plain("d < n, N ≠ b", squares(5, 4, false, 13)),
                        plain("Q with zeros", squares(4, 9, true, 4)),
                        plain("softmax, d < n", softmax(5, 4, 1.0, true, 5)),
                        plain("softmax, d > n", softmax(3, 17, 1.0, true, 4)),
                        plain("certain and wrong", softmax(4, 15, 20.0, false, 4)),
                        plain("fewer rows than outputs, d < n", lowRank(5, 6)),
                        plain("fewer rows than outputs, d > n", lowRank(3, 10)),
                        plain("Q = 0", flat(3, 5)))
                .flatMap(c -> Stream.of(
                        c,
                        c.with(0.3, 0),
                        c.with(0.2, 0.05),
                        c.withAddend(),
                        c.with(0, 0.1).withAddend()));
    }

    static Stream<Arguments> systems() {
        return cases().flatMap(c -> Stream.of(Kind.values())
                .flatMap(kind -> Stream.of(1e4, 1.0, 1e-2, 1e-4, 1e-6, 1e-8)
                        // the other solver solves the same matrices
                        .filter(lambda -> !kind.isPortable() || lambda == 1e-2 || lambda == 1e-8)
                        .map(lambda -> Arguments.of(c, kind, lambda))));
    }

    /** To the condition's share of rounding, as any solution is. */
    @ParameterizedTest(name = "{0}, {1}, λ = {2}")
    @MethodSource("systems")
    void solvesTheDampedSystem(Case c, Kind kind, double lambda) {
        try (ExactSystem system = kind.make(c.rows())) {
            system.load();
            INDArray delta = normal(23, 1.0, c.model.d());
            assertTrue(system.factor(c.p(lambda)));
            assertTrue(system.solve(c.addend(), delta));
            Matrix matrix = c.matrix(lambda);
            INDArray found = Nd4j.createFromArray(matrix.times(delta.toDoubleVector()));
            double condition = matrix.trace() / lambda;
            assertClose(Nd4j.createFromArray(c.rightHandSide()), found, ROUNDING + 1e-15 * condition, "(H + λI)Δ");
            if (lambda >= 1e-2) {
                assertClose(Nd4j.createFromArray(matrix.solve(c.rightHandSide())), delta, DOUBLE, "Δ");
            }
        }
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("dampedSystems")
    void correctsByTheSolutionOfAResidual(Case c, Kind kind) {
        double lambda = 0.05;
        try (ExactSystem system = kind.make(c.rows())) {
            system.load();
            assertTrue(system.factor(c.p(lambda)));
            INDArray residual = normal(24, 1.0, c.model.d());
            INDArray start = normal(25, 1.0, c.model.d());
            INDArray delta = start.dup();
            system.correct(residual, delta);
            double[] expected = c.matrix(lambda).solve(residual.toDoubleVector());
            assertClose(Nd4j.createFromArray(expected), delta.sub(start), DOUBLE, "(H + λI)⁻¹ρ");
            assertArrayEquals(normal(24, 1.0, c.model.d()).toDoubleVector(), residual.toDoubleVector(), "ρ unchanged");
        }
    }

    /** Of any vector, into another or in place. */
    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("dampedSystems")
    void multipliesWithTheInverse(Case c, Kind kind) {
        double lambda = 0.05;
        try (ExactSystem system = kind.make(c.rows())) {
            system.load();
            assertTrue(system.factor(c.p(lambda)));
            INDArray v = normal(24, 1.0, c.model.d());
            INDArray result = normal(25, 1.0, c.model.d());
            INDArray expected = Nd4j.createFromArray(c.matrix(lambda).solve(v.toDoubleVector()))
                    .mul(-3);
            assertTrue(system.multiplyInverse(-3, v, result));
            assertClose(expected, result, DOUBLE, "−3(H + λI)⁻¹v");
            assertArrayEquals(normal(24, 1.0, c.model.d()).toDoubleVector(), v.toDoubleVector(), "v unchanged");
            assertTrue(system.multiplyInverse(-3, v, v));
            assertClose(expected, v, DOUBLE, "in place");
        }
    }

    static Stream<Arguments> dampedSystems() {
        return cases().flatMap(c -> Stream.of(Kind.values()).map(kind -> Arguments.of(c, kind)));
    }

    /** The point is taken in once, and the matrix anew for each λ, in any order. */
    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("dampedSystems")
    void everyDampingFromOneLoad(Case c, Kind kind) {
        DenseRows rows = c.rows();
        INDArray first = Nd4j.create(DataType.DOUBLE, c.model.d());
        INDArray again = first.dup();
        try (ExactSystem system = kind.make(rows)) {
            system.load();
            assertTrue(system.factor(c.p(0.5)));
            assertTrue(system.solve(c.addend(), first));
            assertTrue(system.factor(c.p(1e3)));
            assertTrue(system.solve(null, again));
            assertTrue(system.factor(c.p(0.5)));
            assertTrue(system.solve(c.addend(), again));
            assertEquals(1, rows.loads());
        }
        assertArrayEquals(first.toDoubleVector(), again.toDoubleVector());
    }

    /** Another damping on a kept matrix: the direction, with nothing formed again unless l2 puts λ into each layer's P. */
    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("dampedSystems")
    void anotherDampingFormsNothingWhereTheMatrixIsKept(Case c, Kind kind) {
        DenseRows rows = c.rows();
        INDArray delta = Nd4j.create(DataType.DOUBLE, c.model.d());
        double lambda = 0.3;
        try (ExactSystem system = kind.make(rows)) {
            for (int points = 1; points <= 2; points++) {
                system.load();
                assertTrue(system.factor(c.p(0.02)));
                int formed = rows.formed();
                assertTrue(system.factor(c.p(lambda)));
                boolean again = !kind.keeps()
                        || kind == Kind.GRAM_KEEPING && !c.p(lambda).isWithoutPenalty();
                assertEquals(again, rows.formed() > formed, "formed again");
                assertTrue(system.solve(c.addend(), delta));
                double[] exact = c.matrix(lambda).solve(c.rightHandSide());
                assertClose(Nd4j.createFromArray(exact), delta, DOUBLE, "Δ");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void refusesToSolveWhatWasNotFactoredAtThisPoint(Kind kind) {
        Case c = plain("squares", squares(3, 4, false, 3));
        INDArray delta = Nd4j.create(DataType.DOUBLE, 4);
        try (ExactSystem system = kind.make(c.rows())) {
            system.load();
            assertThrows(IllegalStateException.class, () -> system.solve(null, delta));
            assertTrue(system.factor(c.p(1.0)));
            system.load();
            assertThrows(IllegalStateException.class, () -> system.solve(null, delta));
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void saysThatNumbersAreNotFinite(Kind kind) {
        Model model = squares(3, 4, false, 3);
        Model broken = new Model(model.j().times(Double.NaN), model.s(), model.r(), model.w(), model.normalizer());
        Case c = plain("not a number", broken);
        try (ExactSystem system = kind.make(c.rows())) {
            system.load();
            assertFalse(system.factor(c.p(1.0)) && system.solve(null, Nd4j.create(DataType.DOUBLE, 4)));
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void closesWhatItAllocated(Kind kind) {
        Case c = plain("squares", squares(3, 4, false, 3));
        ExactSystem system = kind.make(c.rows());
        system.load();
        assertTrue(system.factor(c.p(1.0)));
        assertTrue(system.bytes() > 0);
        system.close();
        assertEquals(0, system.bytes());
    }

    static Stream<Kind> kinds() {
        return Stream.of(Kind.values());
    }

    /** Q = 0 leaves H = 0: the gradient's own direction. */
    @ParameterizedTest
    @MethodSource("kinds")
    void withoutCurvatureTheStepIsTheGradients(Kind kind) {
        Model model = flat(4, 6);
        Case c = plain("Q = 0", model);
        try (ExactSystem system = kind.make(c.rows())) {
            system.load();
            assertTrue(system.factor(c.p(0.1)));
            INDArray delta = Nd4j.create(DataType.DOUBLE, 6);
            assertTrue(system.solve(null, delta));
            assertClose(Nd4j.createFromArray(model.gradient()).mul(-10), delta, ROUNDING, "−g/λ");
            assertTrue(Vectors.norm2(delta) > 0);
        }
    }
}
