package org.dl4jgn.problem;

import static org.dl4jgn.testing.Small.bits;
import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.Random;
import org.dl4jgn.linalg.LinearOperator;
import org.dl4jgn.linalg.Span;
import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.testing.Matrix;
import org.dl4jgn.testing.Tolerances;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What holds of every {@link Problem}, whoever computes it. A test of a problem extends this class, says what the problem
 * is, and inherits these tests. For small d: H is formed in full.
 */
public abstract class ProblemContract {

    private static final double LAMBDA = 0.3;

    private Problem problem;
    private INDArray theta;

    /** A problem; the same one at each call of this test, ended by {@link #end}. */
    protected abstract Problem problem();

    /** A point, not a minimum. */
    protected abstract INDArray theta();

    /** The same problem in parts that sum up to it; empty if there is no way to make them. */
    protected List<Problem> parts() {
        return List.of();
    }

    /** Frees what {@link #problem} and {@link #parts} made. */
    protected void end() {}

    @BeforeEach
    void begin() {
        problem = problem();
        theta = theta();
    }

    @AfterEach
    void free() {
        end();
    }

    private double tolerance() {
        return problem.dataType() == DataType.DOUBLE ? Tolerances.ROUNDING : Tolerances.FLOAT;
    }

    private INDArray random(long seed) {
        Random random = new Random(seed);
        double[] elements = new double[(int) problem.dimension()];
        for (int i = 0; i < elements.length; i++) {
            elements[i] = random.nextGaussian();
        }
        return Nd4j.createFromArray(elements).castTo(problem.dataType());
    }

    private static INDArray product(LinearOperator h, INDArray v) {
        INDArray product = v.dup().assign(Double.NaN);
        h.apply(v, product);
        return product;
    }

    private Matrix matrix(LinearOperator h) {
        return Matrix.ofProducts(problem.dimension(), v -> product(h, v.castTo(problem.dataType())));
    }

    @Test
    void aNewVectorIsZeroAndTheCallers() {
        INDArray a = problem.newVector();
        INDArray b = problem.newVector();
        assertEquals(problem.dimension(), a.length());
        assertEquals(problem.dataType(), a.dataType());
        assertEquals(0, Vectors.norm1(a));
        a.assign(1);
        assertEquals(0, Vectors.norm1(b));
        assertFalse(a.isAttached());
        a.close();
        b.close();
    }

    @Test
    void thePointsValueIsTheProblems() {
        assertClose(problem.value(theta), problem.linearize(theta).value(), tolerance(), "value");
    }

    @Test
    void theValueAlongADirectionIsTheValueThere() {
        INDArray direction = random(1);
        for (double step : new double[] {1, 0.125, -0.5}) {
            INDArray there = theta.dup();
            Vectors.axpy(step, direction, there);
            assertClose(problem.value(there), problem.value(theta, step, direction), tolerance(), "value at " + step);
        }
        assertClose(problem.value(theta), problem.value(theta, 0, direction), tolerance(), "value at 0");
    }

    @Test
    void theGradientIsTheValuesDerivative() {
        assumeTrue(problem.dataType() == DataType.DOUBLE, "differences need float64");
        INDArray g = problem.linearize(theta).gradient().dup();
        for (int seed = 0; seed < 5; seed++) {
            INDArray v = random(seed);
            double h = 1e-5 / Vectors.norm2(v);
            double difference = (problem.value(theta, h, v) - problem.value(theta, -h, v)) / (2 * h);
            assertEquals(
                    Vectors.dot(g, v),
                    difference,
                    Tolerances.FINITE_DIFFERENCE * Vectors.norm2(g) * Vectors.norm2(v),
                    "gᵀv");
        }
    }

    @Test
    void hIsSymmetric() {
        LinearOperator h = problem.linearize(theta).gaussNewton();
        for (int seed = 0; seed < 5; seed++) {
            INDArray u = random(seed);
            INDArray v = random(seed + 100);
            INDArray hu = product(h, u);
            INDArray hv = product(h, v);
            double scale = Vectors.norm2(u) * Vectors.norm2(hv);
            assertEquals(Vectors.dot(hu, v), Vectors.dot(u, hv), tolerance() * scale, "uᵀHv");
        }
    }

    @Test
    void hIsPositiveSemidefinite() {
        Matrix h = matrix(problem.linearize(theta).gaussNewton());
        assertTrue(h.trace() > 0);
        Matrix symmetric = h.plus(h.transposed()).times(0.5);
        assertTrue(symmetric.isPositiveSemidefinite(tolerance()));
    }

    @Test
    void hAppliedTwiceIsTheSameToTheBitAndLinear() {
        LinearOperator h = problem.linearize(theta).gaussNewton();
        INDArray v = random(3);
        INDArray w = random(4);
        INDArray before = v.dup();
        INDArray hv = product(h, v);
        INDArray hw = product(h, w);
        assertArrayEquals(bits(hv), bits(product(h, v)));
        assertArrayEquals(bits(before), bits(v), "v was changed");
        INDArray sum = v.dup();
        Vectors.axpy(-2, w, sum);
        Vectors.axpy(-2, hw, hv);
        assertClose(hv, product(h, sum), tolerance(), "H(v − 2w)");
    }

    /** None clobbers another's result, in whatever order they come. */
    @Test
    void queriesInAnyOrderAgree() {
        Point point = problem.linearize(theta);
        INDArray v = random(5);
        double value = point.value();
        double rounding = point.rounding();
        double curvature = point.lossCurvature();
        long[] product = bits(product(point.gaussNewton(), v));
        long[] gradient = bits(point.gradient());

        double trial = problem.value(theta, 0.5, v);
        problem.value(v);
        assertArrayEquals(gradient, bits(point.gradient()), "gradient after a trial value");
        assertEquals(rounding, point.rounding());
        assertArrayEquals(product, bits(product(point.gaussNewton(), v)), "product after a trial value");
        assertEquals(curvature, point.lossCurvature());
        assertEquals(value, point.value());
        point.rowSpace()
                .ifPresent(rows -> rows.systems()
                        .get(0)
                        .open(DataType.DOUBLE, Long.MAX_VALUE)
                        .solve(LAMBDA, null, problem.newVector()));
        assertArrayEquals(product, bits(product(point.gaussNewton(), v)), "product after a system");
        assertArrayEquals(gradient, bits(point.gradient()), "gradient after a system");
        assertEquals(trial, problem.value(theta, 0.5, v), "trial value");

        Point fresh = problem.linearize(theta);
        assertArrayEquals(gradient, bits(fresh.gradient()), "gradient first");
        assertEquals(rounding, fresh.rounding());
        assertArrayEquals(product, bits(product(fresh.gaussNewton(), v)), "product later");
    }

    @Test
    void aPointOutlivesItsArguments() {
        INDArray passed = theta.dup();
        Point point = problem.linearize(passed);
        INDArray v = random(6);
        long[] product = bits(product(point.gaussNewton(), v));
        passed.assign(0.1);
        problem.value(passed);
        assertArrayEquals(product, bits(product(point.gaussNewton(), v)));
    }

    @Test
    void aPointThatHasEndedSaysSo() {
        Point point = problem.linearize(theta);
        LinearOperator h = point.gaussNewton();
        INDArray v = random(7);
        problem.linearize(theta);
        assertThrows(IllegalStateException.class, point::gradient);
        assertThrows(IllegalStateException.class, () -> h.apply(v, problem.newVector()));
    }

    @Test
    void theLossIsNotBelowItsLeastValue() {
        Point point = problem.linearize(theta);
        assertTrue(point.value() >= point.leastValue());
        assertTrue(point.rounding() >= 0 && Double.isFinite(point.rounding()));
        assertTrue(point.lossCurvature() > 0);
    }

    /** (H + λI)Δ = −g + a, by whatever matrix. */
    @Test
    void everySystemOfTheRowsSolvesTheDampedSystem() {
        Point point = problem.linearize(theta);
        assumeTrue(point.rowSpace().isPresent(), "no rows");
        Matrix damped = matrix(point.gaussNewton()).plusIdentity(LAMBDA);
        double[] g = point.gradient().toDoubleVector();
        double[] a = random(8).muli(0.1).toDoubleVector();
        INDArray addend = Nd4j.createFromArray(a).castTo(problem.dataType());
        for (RowSpace.SystemOffer offer : point.rowSpace().orElseThrow().systems()) {
            DampedSystem system = offer.open(DataType.DOUBLE, Long.MAX_VALUE);
            INDArray delta = problem.newVector();
            assertTrue(system.solve(LAMBDA, null, delta), offer.name());
            assertClose(solution(damped, g, new double[g.length]), delta, precision(), offer.name());
            assertTrue(system.solve(LAMBDA, addend, delta), offer.name());
            assertClose(solution(damped, g, a), delta, precision(), offer.name() + " with an addend");
            INDArray spoilt = delta.mul(0.9);
            INDArray residual = residual(damped, g, a, spoilt);
            system.correct(residual, spoilt);
            assertClose(solution(damped, g, a), spoilt, precision(), offer.name() + " corrected");
            assertTrue(offer.work() > 0 && offer.size() > 0 && offer.bytes(DataType.DOUBLE) > 0, offer.name());
        }
    }

    private double precision() {
        return problem.dataType() == DataType.DOUBLE ? Tolerances.DOUBLE : Tolerances.FLOAT;
    }

    private static INDArray solution(Matrix damped, double[] g, double[] a) {
        double[] right = new double[g.length];
        for (int i = 0; i < g.length; i++) {
            right[i] = a[i] - g[i];
        }
        return Nd4j.createFromArray(damped.solve(right));
    }

    private INDArray residual(Matrix damped, double[] g, double[] a, INDArray delta) {
        double[] product = damped.times(delta.toDoubleVector());
        double[] residual = new double[g.length];
        for (int i = 0; i < g.length; i++) {
            residual[i] = a[i] - g[i] - product[i];
        }
        return Nd4j.createFromArray(residual).castTo(problem.dataType());
    }

    @Test
    void theSumOfTheHalvesIsTheWhole() {
        List<Problem> halves = parts();
        assumeTrue(!halves.isEmpty(), "no parts");
        INDArray v = random(9);
        Point whole = problem.linearize(theta);
        double value = whole.value();
        double trial = problem.value(theta, 0.5, v);
        INDArray gradient = whole.gradient().dup();
        INDArray product = product(whole.gaussNewton(), v);
        try (SumProblem sum = new SumProblem(halves)) {
            Point point = sum.linearize(theta);
            assertClose(value, point.value(), tolerance(), "value");
            assertClose(value, sum.value(theta), tolerance(), "value");
            assertClose(trial, sum.value(theta, 0.5, v), tolerance(), "trial value");
            assertClose(gradient, point.gradient(), tolerance(), "gradient");
            assertClose(product, product(point.gaussNewton(), v), tolerance(), "product");
        }
    }

    @Test
    void aPenaltyAddsItsOwnValueGradientAndCurvature() {
        long d = problem.dimension();
        long first = d / 2;
        double[] coefficients = {0.7, 0.2};
        INDArray v = random(10);
        Point plain = problem.linearize(theta);
        double value = plain.value();
        INDArray gradient = plain.gradient().dup();
        INDArray product = product(plain.gaussNewton(), v);
        INDArray diagonal = problem.newVector();
        for (long i = 0; i < d; i++) {
            diagonal.putScalar(i, coefficients[i < first ? 0 : 1]);
        }
        INDArray dTheta = theta.mul(diagonal);
        List<Span> spans = List.of(new Span(0, first), new Span(first, d - first));
        try (Penalty penalty = new Penalty(spans, coefficients, problem.dataType());
                RegularizedProblem regularized = new RegularizedProblem(problem, penalty)) {
            Point point = regularized.linearize(theta);
            double expected = value + 0.5 * Vectors.dot(theta, dTheta);
            assertClose(expected, point.value(), tolerance(), "value");
            assertClose(expected, regularized.value(theta), tolerance(), "value");
            assertClose(gradient.add(dTheta), point.gradient(), tolerance(), "gradient");
            assertClose(product.add(v.mul(diagonal)), product(point.gaussNewton(), v), tolerance(), "product");
            point.rowSpace().ifPresent(rows -> {
                INDArray delta = problem.newVector();
                DampedSystem system = rows.systems().get(0).open(DataType.DOUBLE, Long.MAX_VALUE);
                assertTrue(system.solve(LAMBDA, null, delta));
                Matrix damped = Matrix.ofProducts(d, u -> product(point.gaussNewton(), u.castTo(problem.dataType())))
                        .plusIdentity(LAMBDA);
                double[] g = point.gradient().toDoubleVector();
                assertClose(solution(damped, g, new double[g.length]), delta, precision(), "system");
            });
        }
    }
}
