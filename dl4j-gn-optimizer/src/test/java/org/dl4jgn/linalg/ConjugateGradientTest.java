package org.dl4jgn.linalg;

import static org.dl4jgn.testing.Networks.normal;
import static org.dl4jgn.testing.Networks.uniform;
import static org.dl4jgn.testing.Tolerances.DOUBLE;
import static org.dl4jgn.testing.Tolerances.FLOAT_DIRECTION;
import static org.dl4jgn.testing.Tolerances.ROUNDING;
import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.dl4jgn.testing.Tolerances.relativeError;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.function.IntPredicate;
import org.dl4jgn.linalg.ConjugateGradient.Ending;
import org.dl4jgn.linalg.ConjugateGradient.Result;
import org.dl4jgn.linalg.ConjugateGradient.Stopping;
import org.dl4jgn.testing.ExactConjugateGradient;
import org.dl4jgn.testing.Matrix;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Conjugate gradients on dense matrices whose solution, or exact iterates, are known. */
class ConjugateGradientTest {

    private static final int N = 12;
    private static final double RHO = 0.05;

    /** A matrix as an operator; can be made to fail. */
    private static final class Dense implements LinearOperator {

        private final Matrix a;
        private final DataType type;
        private IntPredicate fails = call -> false;
        private double failure = Double.NaN;
        private int calls;

        Dense(Matrix a, DataType type) {
            this.a = a;
            this.type = type;
        }

        Dense(Matrix a) {
            this(a, DataType.DOUBLE);
        }

        Dense failingFrom(int call, double failure) {
            this.fails = c -> c >= call;
            this.failure = failure;
            return this;
        }

        @Override
        public void apply(INDArray v, INDArray product) {
            calls++;
            product.assign(Nd4j.createFromArray(a.times(array(v))));
            if (fails.test(calls)) {
                product.putScalar(a.rows() / 2, failure);
            }
        }
    }

    /** Solves with one matrix. */
    private record Solver(Dense a, ConjugateGradient cg) {

        Result solve(
                INDArray h, double rho, @Nullable INDArray inverse, boolean warm, INDArray delta, Stopping stopping) {
            return cg.solve(a, h, rho, inverse, warm, delta, stopping);
        }

        INDArray residual() {
            return cg.residual();
        }
    }

    private static Solver on(Dense a) {
        return new Solver(a, new ConjugateGradient(a.type, a.a.rows()));
    }

    private static double[] array(INDArray x) {
        return x.castTo(DataType.DOUBLE).dup().data().asDouble();
    }

    private static INDArray vector(double... x) {
        return Nd4j.createFromArray(x);
    }

    /** A symmetric matrix with these eigenvalues, by random reflections of their diagonal. */
    private static Matrix withEigenvalues(double... eigenvalues) {
        int n = eigenvalues.length;
        Matrix a = Matrix.diagonal(eigenvalues);
        for (int seed = 0; seed < 3; seed++) {
            double[] w = array(normal(100 + seed, 1.0, n));
            double square = Matrix.dot(w, w);
            Matrix reflection = Matrix.diagonal(array(Nd4j.ones(DataType.DOUBLE, n)));
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    reflection.set(i, j, reflection.get(i, j) - 2 * w[i] * w[j] / square);
                }
            }
            a = reflection.times(a).times(reflection);
        }
        return a.plus(a.transposed()).times(0.5);
    }

    private static Matrix wellConditioned() {
        return withEigenvalues(array(uniform(1, 0.5, 4.0, N)));
    }

    private static final INDArray H = normal(2, 1.0, N);

    private static Stopping after(int iterations) {
        return new Stopping(iterations, 0, 0, 20);
    }

    private static INDArray solution(Matrix a, double rho, INDArray h) {
        return vector(a.plusIdentity(rho).solve(array(h))).neg();
    }

    // ---- iterates ---------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({"0, 0", "0, 20", "0.05, 0", "0.05, 20", "3, 5"})
    void reachesTheSolution(double rho, int orthogonalized) {
        Matrix a = wellConditioned();
        INDArray delta = Nd4j.create(DataType.DOUBLE, N);
        Result result =
                on(new Dense(a)).solve(H, rho, null, false, delta, new Stopping(3 * N, 1e-13, 0, orthogonalized));
        assertClose(solution(a, rho, H), delta, ROUNDING, "Δ");
        assertEquals(Ending.RESIDUAL_TOLERANCE, result.ending());
    }

    /** The iterates for a second damping are those of a solve with it, at no product. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 11})
    void aSecondDampingHasTheSameKrylovSpace(int k) {
        Matrix matrix = wellConditioned();
        Dense a = new Dense(matrix);
        double sigma = 0.7;
        try (ConjugateGradient cg = new ConjugateGradient(DataType.DOUBLE, N)) {
            assertThrows(IllegalStateException.class, cg::shifted);
            INDArray delta = Nd4j.create(DataType.DOUBLE, N);
            for (int repeated = 0; repeated < 2; repeated++) {
                cg.solve(a, H, RHO, sigma, delta, after(k));
                assertClose(vector(iterate(matrix, RHO, k)), delta, DOUBLE, "Δ");
                assertClose(vector(iterate(matrix, RHO + sigma, k)), cg.shifted(), DOUBLE, "Δ of the second");
            }
            assertEquals(2 * k, a.calls);
        }
    }

    private static double[] iterate(Matrix a, double rho, int k) {
        return ExactConjugateGradient.iterate(a, rho, array(H), null, k);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 12})
    void iteratesAreTheExactOnes(int k) {
        Matrix a = wellConditioned();
        for (int orthogonalized : new int[] {0, 20}) {
            INDArray delta = Nd4j.create(DataType.DOUBLE, N);
            Result result = on(new Dense(a)).solve(H, RHO, null, false, delta, new Stopping(k, 0, 0, orthogonalized));
            INDArray expected = vector(ExactConjugateGradient.iterate(a, RHO, array(H), null, k));
            assertClose(expected, delta, ROUNDING, "Δ after " + k);
            assertEquals(k, result.iterations());
            assertEquals(Ending.ITERATION_LIMIT, result.ending());
        }
    }

    /** A few large eigenvalues and many tiny ones, as of a Gauss-Newton matrix. */
    private static Matrix illConditioned() {
        double[] eigenvalues = new double[40];
        for (int i = 0; i < eigenvalues.length; i++) {
            eigenvalues[i] = 30 * Math.pow(10, -0.4 * i);
        }
        return withEigenvalues(eigenvalues);
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 10, 15, 20})
    void reorthogonalizedIteratesAreExactWherePlainOnesAreNot(int k) {
        Matrix a = illConditioned();
        INDArray h = normal(3, 1.0, 40);
        INDArray expected = vector(ExactConjugateGradient.iterate(a, 1e-6, array(h), null, k));
        INDArray delta = Nd4j.create(DataType.DOUBLE, 40);
        Solver solver = on(new Dense(a));
        solver.solve(h, 1e-6, null, false, delta, new Stopping(k, 0, 0, 20));
        assertClose(expected, delta, DOUBLE, "Δ after " + k);
        solver.solve(h, 1e-6, null, false, delta, new Stopping(k, 0, 0, 0));
        double plain = relativeError(expected, delta);
        assertTrue(k < 15 || plain > 1e-3, "plain conjugate gradients are " + plain + " off after " + k);
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 10})
    void reorthogonalizedIteratesInFloat32AreNearTheExactOnes(int k) {
        Matrix a = illConditioned();
        INDArray h = normal(3, 1.0, 40);
        INDArray delta = Nd4j.create(DataType.FLOAT, 40);
        on(new Dense(a, DataType.FLOAT)).solve(h.castTo(DataType.FLOAT), 1e-3, null, false, delta, after(k));
        INDArray expected = vector(ExactConjugateGradient.iterate(a, 1e-3, array(h), null, k));
        assertClose(expected, delta, FLOAT_DIRECTION, "Δ after " + k);
    }

    @Test
    void fewerResidualsMayBeKeptThanThereAreIterations() {
        Matrix a = illConditioned();
        INDArray h = normal(3, 1.0, 40);
        INDArray expected = solution(a, 0.1, h);
        INDArray delta = Nd4j.create(DataType.DOUBLE, 40);
        on(new Dense(a)).solve(h, 0.1, null, false, delta, new Stopping(200, 1e-12, 0, 4));
        assertClose(expected, delta, DOUBLE, "Δ");
    }

    // ---- preconditioning --------------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({"3, 0", "3, 20", "8, 20"})
    void preconditionedIteratesAreTheExactOnes(int k, int orthogonalized) {
        Matrix a = wellConditioned();
        INDArray inverse = uniform(5, 0.1, 10, N);
        INDArray delta = Nd4j.create(DataType.DOUBLE, N);
        on(new Dense(a)).solve(H, RHO, inverse, false, delta, new Stopping(k, 0, 0, orthogonalized));
        INDArray expected = vector(ExactConjugateGradient.iterate(a, RHO, array(H), array(inverse), k));
        assertClose(expected, delta, ROUNDING, "Δ after " + k);
    }

    @Test
    void preconditionedSolutionIsTheSame() {
        Matrix a = illConditioned();
        INDArray h = normal(3, 1.0, 40);
        INDArray delta = Nd4j.create(DataType.DOUBLE, 40);
        on(new Dense(a)).solve(h, 0.01, uniform(5, 0.5, 2, 40), false, delta, new Stopping(60, 1e-13, 0, 60));
        assertClose(solution(a, 0.01, h), delta, DOUBLE, "Δ");
    }

    @Test
    void exactPreconditionerNeedsOneIteration() {
        double[] diagonal = array(uniform(1, 0.01, 100, N));
        INDArray inverse = vector(diagonal).add(RHO).rdiv(1.0);
        INDArray delta = Nd4j.create(DataType.DOUBLE, N);
        Result result = on(new Dense(Matrix.diagonal(diagonal)))
                .solve(H, RHO, inverse, false, delta, new Stopping(10, 1e-12, 0, 20));
        assertEquals(1, result.iterations());
        assertClose(H.mul(inverse).neg(), delta, ROUNDING, "Δ");
    }

    // ---- results ----------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({
        "1, false, false",
        "4, false, false",
        "4, true, false",
        "4, false, true",
        "4, true, true",
        "30, false, true"
    })
    void reportsResidualModelAndCurvatureOfTheResult(int k, boolean preconditioned, boolean warm) {
        Matrix a = wellConditioned();
        INDArray delta = warm ? solution(a, 1.0, H) : normal(9, 1.0, N);
        Solver solver = on(new Dense(a));
        Result result = solver.solve(H, RHO, preconditioned ? uniform(5, 0.1, 10, N) : null, warm, delta, after(k));
        double[] product = a.plusIdentity(RHO).times(array(delta));
        INDArray residual = vector(product).add(H);
        double curvature = Matrix.dot(product, array(delta));
        double model = Matrix.dot(array(H), array(delta)) + 0.5 * curvature;
        assertTrue(residual.sub(solver.residual()).norm2Number().doubleValue() < 1e-13, "residual");
        assertEquals(residual.amaxNumber().doubleValue(), result.residualNorm(), 1e-13);
        assertClose(model, result.model(), ROUNDING, "model");
        assertClose(curvature, result.curvature(), ROUNDING, "curvature");
        assertTrue(result.model() < 0);
    }

    @Test
    void leavesItsArgumentsAndIsReusable() {
        Matrix a = wellConditioned();
        Dense operator = new Dense(a);
        Solver solver = on(operator);
        INDArray h = H.dup();
        INDArray inverse = uniform(5, 0.1, 10, N);
        INDArray first = Nd4j.create(DataType.DOUBLE, N);
        INDArray second = Nd4j.create(DataType.DOUBLE, N);
        Result expected = solver.solve(h, RHO, inverse, false, first, after(6));
        assertEquals(6, operator.calls, "one product an iteration");
        solver.solve(normal(8, 1.0, N), 2.0, null, false, second, after(9));
        assertEquals(expected, solver.solve(h, RHO, inverse, false, second, after(6)));
        assertEquals(first, second, "bit for bit");
        assertEquals(H, h);
        assertEquals(uniform(5, 0.1, 10, N), inverse);
    }

    // ---- warm starts ------------------------------------------------------------------------------------------------

    @Test
    void startsFromAVectorThatLowersTheModel() {
        Matrix a = wellConditioned();
        INDArray delta = solution(a, RHO, H);
        Dense operator = new Dense(a);
        Result result = on(operator).solve(H, RHO, null, true, delta, new Stopping(10, 1e-10, 0, 20));
        assertEquals(Ending.RESIDUAL_TOLERANCE, result.ending());
        assertEquals(0, result.iterations());
        assertEquals(1, operator.calls);
        assertClose(solution(a, RHO, H), delta, ROUNDING, "Δ");
    }

    @Test
    void minimizesFromAWarmStart() {
        Matrix a = wellConditioned();
        INDArray start = solution(a, 2.0, H);
        INDArray delta = start.dup();
        on(new Dense(a)).solve(H, RHO, null, true, delta, after(3));
        INDArray residual = vector(a.plusIdentity(RHO).times(array(start))).add(H);
        INDArray step = vector(ExactConjugateGradient.iterate(a, RHO, array(residual), null, 3));
        assertClose(start.add(step), delta, ROUNDING, "Δ");
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1.0, 100.0, Double.NaN, Double.POSITIVE_INFINITY})
    void startsFromZeroIfTheVectorDoesNotLowerTheModel(double factor) {
        Matrix a = wellConditioned();
        // not by mul(factor): ND4J takes 1e-5 for a scalar that is not a number
        INDArray delta = vector(
                Arrays.stream(array(solution(a, RHO, H))).map(x -> factor * x).toArray());
        on(new Dense(a)).solve(H, RHO, null, true, delta, after(4));
        INDArray expected = vector(ExactConjugateGradient.iterate(a, RHO, array(H), null, 4));
        assertClose(expected, delta, ROUNDING, "Δ");
    }

    // ---- endings ----------------------------------------------------------------------------------------------------

    @Test
    void stopsWhenTheResidualReachesItsTolerance() {
        Matrix a = wellConditioned();
        double[] norms = new double[N];
        for (int k = 1; k < N; k++) {
            norms[k] = on(new Dense(a))
                    .solve(H, RHO, null, false, Nd4j.create(DataType.DOUBLE, N), after(k))
                    .residualNorm();
        }
        INDArray delta = Nd4j.create(DataType.DOUBLE, N);
        Result result = on(new Dense(a)).solve(H, RHO, null, false, delta, new Stopping(100, norms[5], 0, 20));
        int first = 1;
        while (norms[first] > norms[5]) {
            first++;
        }
        assertEquals(first, result.iterations());
        assertEquals(Ending.RESIDUAL_TOLERANCE, result.ending());
        assertTrue(result.residualNorm() <= norms[5]);
        assertTrue(result.toString().startsWith("residual below its tolerance after " + first + " iterations"));
    }

    /** Martens (2010): after i > m iterations, (q(Δᵢ) − q(Δᵢ₋ₘ)) / q(Δᵢ) < mε, with m = max(10, i/10). */
    @Test
    void stopsWithoutRelativeProgress() {
        Matrix a = illConditioned();
        INDArray h = normal(3, 1.0, 40);
        double[] q = new double[40];
        for (int k = 1; k < 40; k++) {
            q[k] = on(new Dense(a))
                    .solve(h, 0.01, null, false, Nd4j.create(DataType.DOUBLE, 40), new Stopping(k, 0, 0, 40))
                    .model();
        }
        double epsilon = 5e-4;
        int expected = 11;
        while ((q[expected] - q[expected - 10]) / q[expected] >= 10 * epsilon) {
            expected++;
        }
        assertTrue(expected > 12 && expected < 35, "neither at once nor at the solution: " + expected);
        Result result = on(new Dense(a))
                .solve(h, 0.01, null, false, Nd4j.create(DataType.DOUBLE, 40), new Stopping(200, 0, epsilon, 40));
        assertEquals(Ending.RELATIVE_PROGRESS, result.ending());
        assertEquals(expected, result.iterations());
    }

    @Test
    void keepsTheIterateBeforeNonpositiveCurvature() {
        double[] eigenvalues = array(uniform(1, 0.5, 4.0, N));
        eigenvalues[4] = -0.3;
        Matrix a = withEigenvalues(eigenvalues);
        INDArray delta = Nd4j.create(DataType.DOUBLE, N);
        Solver solver = on(new Dense(a));
        Result result = solver.solve(H, RHO, null, false, delta, after(N));
        assertEquals(Ending.NONPOSITIVE_CURVATURE, result.ending());
        int k = result.iterations();
        assertTrue(k > 0 && k < N, "after some iterations: " + k);
        assertClose(vector(ExactConjugateGradient.iterate(a, RHO, array(H), null, k)), delta, ROUNDING, "Δ");
        assertClose(vector(a.plusIdentity(RHO).times(array(delta))).add(H), solver.residual(), ROUNDING, "residual");
        assertTrue(result.model() < 0);
        assertTrue(result.toString().endsWith("raise the damping"), result.toString());
    }

    @Test
    void negativeDefiniteMatrixLeavesZero() {
        INDArray delta = H.dup();
        Result result = on(new Dense(wellConditioned().times(-1))).solve(H, RHO, null, false, delta, after(5));
        assertEquals(Ending.NONPOSITIVE_CURVATURE, result.ending());
        assertEquals(new Result(0, Ending.NONPOSITIVE_CURVATURE, H.amaxNumber().doubleValue(), 0, 0), result);
        assertEquals(Nd4j.zeros(DataType.DOUBLE, N), delta);
    }

    @ParameterizedTest
    @CsvSource({"1, NaN", "1, Infinity", "4, NaN", "4, Infinity", "4, -Infinity", "4, 1e200", "4, 1e300"})
    void keepsTheIterateBeforeANumberThatIsNotFinite(int call, double failure) {
        Matrix a = wellConditioned();
        INDArray delta = Nd4j.create(DataType.DOUBLE, N);
        Solver solver = on(new Dense(a).failingFrom(call, failure));
        Result result = solver.solve(H, RHO, null, false, delta, after(N));
        assertTrue(Vectors.isFinite(delta));
        if (Double.isFinite(failure)) {
            // a huge number is no error by itself: the step along that direction is then tiny
            assertTrue(result.iterations() >= call - 1);
        } else {
            assertEquals(Ending.NON_FINITE, result.ending());
            assertEquals(call - 1, result.iterations());
            assertClose(vector(ExactConjugateGradient.iterate(a, RHO, array(H), null, call - 1)), delta, ROUNDING, "Δ");
            assertClose(
                    vector(a.plusIdentity(RHO).times(array(delta))).add(H), solver.residual(), ROUNDING, "residual");
        }
    }

    /** pᵀAp is positive but so small that the step overflows. */
    @Test
    void keepsTheIterateBeforeAnOverflowOfTheStep() {
        Matrix a = Matrix.diagonal(1e-310, 1e-310, 1e-310);
        INDArray h = vector(1, 2, 3);
        INDArray delta = Nd4j.create(DataType.DOUBLE, 3);
        Solver solver = on(new Dense(a));
        Result result = solver.solve(h, 0, null, false, delta, after(5));
        assertEquals(new Result(0, Ending.NON_FINITE, 3, 0, 0), result);
        assertEquals(Nd4j.zeros(DataType.DOUBLE, 3), delta);
        assertEquals(h, solver.residual());
    }

    /** Conjugate gradients lower q, not ‖s‖: here the first step raises it 5,000-fold, and its square overflows. */
    @Test
    void keepsTheIterateBeforeAnOverflowOfTheResidual() {
        Matrix a = Matrix.diagonal(1, 1e8);
        INDArray h = Nd4j.createFromArray(1e18f, 1e14f);
        INDArray delta = Nd4j.create(DataType.FLOAT, 2);
        Solver solver = on(new Dense(a, DataType.FLOAT));
        Result result = solver.solve(h, 0, null, false, delta, after(5));
        assertEquals(new Result(0, Ending.NON_FINITE, 1e18f, 0, 0), result);
        assertEquals(Nd4j.zeros(DataType.FLOAT, 2), delta);
        assertEquals(h, solver.residual());
    }

    @Test
    void gradientOfZeroHasTheSolutionZero() {
        INDArray delta = H.dup();
        Result result = on(new Dense(wellConditioned()))
                .solve(Nd4j.zeros(DataType.DOUBLE, N), RHO, null, false, delta, after(5));
        assertEquals(new Result(0, Ending.RESIDUAL_TOLERANCE, 0, 0, 0), result);
        assertEquals(Nd4j.zeros(DataType.DOUBLE, N), delta);
    }

    @Test
    void gradientThatIsNotFiniteLeavesZero() {
        INDArray h = H.dup();
        h.putScalar(3, Double.NaN);
        INDArray delta = H.dup();
        Result result =
                on(new Dense(wellConditioned())).solve(h, RHO, null, false, delta, new Stopping(5, 1e-3, 0, 20));
        assertEquals(Ending.NON_FINITE, result.ending());
        assertEquals(Nd4j.zeros(DataType.DOUBLE, N), delta);
        assertTrue(Double.isNaN(result.residualNorm()));
    }

    @Test
    void everyEndingSaysWhatHappened() {
        for (Ending ending : Ending.values()) {
            String text = new Result(7, ending, 0.125, -1, 2).toString();
            assertTrue(text.contains("7 iterations") && text.contains("0.125"), text);
        }
        assertEquals(
                5,
                Arrays.stream(Ending.values())
                        .map(e -> new Result(1, e, 1, 0, 0).toString())
                        .distinct()
                        .count());
    }
}
