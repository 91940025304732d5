package org.dl4jgn.optimize;

import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.dl4jgn.conf.Damping;
import org.dl4jgn.conf.Egn;
import org.dl4jgn.conf.GaussNewtonUpdater;
import org.dl4jgn.conf.LineSearch;
import org.dl4jgn.conf.Pace;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.optimize.StepOutcome.Outcome;
import org.dl4jgn.problem.Problem;
import org.dl4jgn.testing.ChangedProblem;
import org.dl4jgn.testing.DenseProblem;
import org.dl4jgn.testing.DenseProblem.Loss;
import org.dl4jgn.testing.ExactConjugateGradient;
import org.dl4jgn.testing.Matrix;
import org.dl4jgn.testing.Tolerances;
import org.dl4jgn.testing.Training;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;

/** (H + λI)Δ = −g + λμΔ', against dense solves. */
class ProjectedMomentumTest {

    private static final double[] START = {0.3, -0.2, 0.5, 0.1, -0.4};
    private static final int D = START.length;
    private static final double LAMBDA = 0.05;
    private static final double MU = 0.8;

    private static DenseProblem problem(Loss loss) {
        return DenseProblem.random(loss, 6, 3, D, 17);
    }

    private static Sgn sgn(int k) {
        return Sgn.builder()
                .cgIterations(k)
                .damping(Damping.constant(LAMBDA))
                .lineSearch(LineSearch.none())
                .projectedMomentum(MU)
                .build();
    }

    private static Egn egn() {
        return Egn.builder()
                .damping(Damping.constant(LAMBDA))
                .lineSearch(LineSearch.none())
                .projectedMomentum(MU)
                .build();
    }

    static Stream<Arguments> exactOnes() {
        return Stream.of(Loss.values())
                .flatMap(loss -> Stream.of(sgn(D), egn())
                        .flatMap(settings -> Stream.of(DataType.DOUBLE, DataType.FLOAT)
                                .map(type -> Arguments.of(loss, settings, type))));
    }

    /** The solution of (H + λI)Δ = −g + λμΔ'. */
    private static double[] exact(DenseProblem problem, double[] theta, double[] last) {
        double[] right = problem.gradient(theta);
        for (int i = 0; i < D; i++) {
            right[i] = -right[i] + LAMBDA * MU * last[i];
        }
        return problem.hessian(theta).plusIdentity(LAMBDA).solve(right);
    }

    private static double[] difference(double[] a, double[] b) {
        double[] difference = a.clone();
        for (int i = 0; i < D; i++) {
            difference[i] -= b[i];
        }
        return difference;
    }

    @ParameterizedTest(name = "{0}, {1}, {2}")
    @MethodSource("exactOnes")
    void oneStepIsTheDenseSolution(Loss loss, GaussNewtonUpdater settings, DataType type) {
        DenseProblem problem = problem(loss).ofType(type);
        try (Training training = new Training(settings, problem.vector(START))) {
            double[] zero = training.parameters();
            training.step(problem);
            double[] one = training.parameters();
            training.step(problem);
            double[] delta = difference(training.parameters(), one);
            double[] expected = exact(problem, one, difference(one, zero));
            double tolerance = type == DataType.DOUBLE ? Tolerances.DOUBLE : Tolerances.FLOAT_DIRECTION;
            assertClose(problem.vector(expected), problem.vector(delta), tolerance, "Δ");
            // what is tested is not the step without a memory
            double[] without = problem.exact(one, LAMBDA);
            assertTrue(distance(expected, without) > 0.01 * distance(without, new double[D]), "the memory counts");
        }
    }

    private static double distance(double[] a, double[] b) {
        double[] d = difference(a, b);
        return Math.sqrt(Matrix.dot(d, d));
    }

    /** Conjugate gradients start from μΔ': k iterations from zero on g + μHΔ'. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void fewIterationsStartFromTheMemory(int k) {
        DenseProblem problem = problem(Loss.SOFTMAX);
        try (Training training = new Training(sgn(k), problem.vector(START))) {
            double[] zero = training.parameters();
            training.step(problem);
            double[] one = training.parameters();
            training.step(problem);
            Matrix h = problem.hessian(one);
            double[] memory = difference(one, zero);
            for (int i = 0; i < D; i++) {
                memory[i] *= MU;
            }
            double[] linear = h.times(memory);
            double[] g = problem.gradient(one);
            for (int i = 0; i < D; i++) {
                linear[i] += g[i];
            }
            double[] expected = ExactConjugateGradient.iterate(h, LAMBDA, linear, null, k);
            for (int i = 0; i < D; i++) {
                expected[i] += memory[i];
            }
            double[] delta = difference(training.parameters(), one);
            assertClose(problem.vector(expected), problem.vector(delta), Tolerances.DOUBLE, k + " iterations");
        }
    }

    /** The step after a rejected one is as if there were no memory; the parameters are as before, to the bit. */
    @Test
    void aRejectedStepPoisonsNothing() {
        DenseProblem problem = problem(Loss.SOFTMAX);
        Egn settings = egn().toBuilder()
                .lineSearch(LineSearch.armijo(0.999, 0.5, 0))
                .projectedMomentum(MU)
                .build();
        try (Training training = new Training(settings, problem.vector(START))) {
            assertEquals(Outcome.REJECTED, training.step(problem).outcome());
            assertArrayEquals(START, training.parameters());
            Step next = training.step(problem);
            // the damping is raised, and nothing but the gradient drives the step
            double[] expected = problem.exact(START, next.damping());
            assertEquals(distance(expected, new double[D]), next.directionNorm(), Tolerances.DOUBLE);
        }
    }

    /** A step that another mini-batch shows to be harmful is taken back, with what it left behind. */
    @Test
    void aHarmfulStepIsTakenBack() {
        DenseProblem problem = problem(Loss.LEAST_SQUARES);
        Sgn settings = Sgn.builder()
                .pace(new Pace(1, 1e6, 1, 0.3, 2, 100, 0.1, 0.1, 0.9, 1e-6))
                .averaging(0)
                .curvatureShare(1)
                .build();
        try (Training training = new Training(settings, problem.vector(START))) {
            training.step(problem);
            double[] one = training.parameters();
            assertFalse(java.util.Arrays.equals(START, one));
            // a mini-batch that START fits better than what the step led to
            DenseProblem other = problem.fittedAt(START);
            Step step = training.step(other);
            assertTrue(step.tookBack());
            assertTrue(step.validationRatio() < 0);
            assertEquals(other.loss(START), step.lossBefore(), Tolerances.ROUNDING);
        }
    }

    /** On one and the same mini-batch the next try has more damping than the one that was taken back. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatIsTakenBackIsNotTriedAgain(boolean exact) {
        DenseProblem problem = problem(Loss.LEAST_SQUARES);
        Problem wall = ChangedProblem.value(problem, theta -> !theta.equals(problem.vector(START)), loss -> loss + 100);
        GaussNewtonUpdater settings = exact
                ? Egn.builder().averaging(0).build()
                : Sgn.builder().averaging(0).build();
        try (Training training = new Training(settings, problem.vector(START))) {
            double before = training.step(wall).damping();
            for (int i = 0; i < 12; i++) {
                Step step = training.step(wall);
                assertTrue(step.tookBack());
                assertTrue(step.damping() > before, step.damping() + " > " + before);
                before = step.damping();
            }
        }
    }
}
