package org.dl4jgn.optimize;

import static org.dl4jgn.testing.Failures.assertFails;
import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.dl4jgn.conf.Damping;
import org.dl4jgn.conf.Egn;
import org.dl4jgn.conf.GaussNewtonUpdater;
import org.dl4jgn.conf.LineSearch;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.linalg.Span;
import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.problem.Penalty;
import org.dl4jgn.problem.Point;
import org.dl4jgn.problem.Problem;
import org.dl4jgn.problem.RegularizedProblem;
import org.dl4jgn.problem.SumProblem;
import org.dl4jgn.testing.ChangedProblem;
import org.dl4jgn.testing.DenseModel;
import org.dl4jgn.testing.DenseProblem;
import org.dl4jgn.testing.DenseProblem.Loss;
import org.dl4jgn.testing.ExactConjugateGradient;
import org.dl4jgn.testing.Searching;
import org.dl4jgn.testing.Tolerances;
import org.dl4jgn.testing.Training;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Every direction against dense solves: what it proposes, and what it builds on the next time. */
class DirectionTest {

    private static final double[] START = {0.3, -0.2, 0.5, 0.1, -0.4};
    private static final int D = START.length;
    private static final double RHO = 0.05;

    private static DenseProblem problem(Loss loss) {
        return DenseProblem.random(loss, 6, 3, D, 17);
    }

    private static Sgn.Builder sgn() {
        return Searching.sgn().lineSearch(LineSearch.none()).warmup(0, 1);
    }

    private static Egn.Builder egn() {
        return Searching.egn().lineSearch(LineSearch.none());
    }

    private static TrainingState state(GaussNewtonUpdater settings) {
        INDArray array = Nd4j.zeros(DataType.DOUBLE, settings.stateSize(D));
        TrainingState state = new TrainingState(array, settings.stateLayout(), List.of(new Span(0, D)), D);
        state.load(settings.damping());
        return state;
    }

    /** Δ of a direction with a new state. */
    private static INDArray delta(GaussNewtonUpdater settings, Problem problem, double damping) {
        INDArray delta = problem.newVector();
        try (Direction direction = Directions.of(settings, problem.dataType(), D);
                TrainingState state = state(settings)) {
            Point point = problem.linearize(Nd4j.createFromArray(START).castTo(problem.dataType()));
            Direction.Proposal proposal = direction.propose(point, damping, state, delta);
            assertTrue(proposal.usable());
            double slope = Vectors.dot(point.gradient(), delta);
            INDArray product = problem.newVector();
            point.gaussNewton().apply(delta, product);
            double curvature = Vectors.dot(delta, product) + damping * Vectors.dot(delta, delta);
            double tolerance = problem.dataType() == DataType.DOUBLE ? Tolerances.DOUBLE : Tolerances.FLOAT;
            assertClose(slope, proposal.slope(), tolerance, "slope");
            assertClose(curvature, proposal.curvature(), tolerance, "curvature");
            assertEquals(damping, proposal.solve().damping());
        }
        return delta;
    }

    // ---- SGN
    // ----------------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void sgnTakesKIterationsOfConjugateGradients(int k) {
        DenseProblem problem = problem(Loss.SOFTMAX);
        double[] expected =
                ExactConjugateGradient.iterate(problem.hessian(START), RHO, problem.gradient(START), null, k);
        INDArray delta = delta(sgn().cgIterations(k).build(), problem, RHO);
        assertClose(problem.vector(expected), delta, Tolerances.DOUBLE, k + " iterations");
    }

    @ParameterizedTest
    @EnumSource(Loss.class)
    void sgnWithEnoughIterationsIsExact(Loss loss) {
        DenseProblem problem = problem(loss);
        INDArray exact = problem.vector(problem.exact(START, RHO));
        assertClose(exact, delta(sgn().cgIterations(D).build(), problem, RHO), Tolerances.DOUBLE, "plain");
        assertClose(
                exact,
                delta(sgn().cgIterations(3 * D).preconditioner(0.75).build(), problem, RHO),
                Tolerances.DOUBLE,
                "preconditioned");
    }

    @Test
    void sgnsPreconditionerIsThePowerOfTheSquaredGradient() {
        DenseProblem problem = problem(Loss.SOFTMAX);
        double[] g = problem.gradient(START);
        double[] inverse = new double[D];
        for (int i = 0; i < D; i++) {
            inverse[i] = Math.pow(g[i] * g[i] + RHO, -0.75);
        }
        double[] expected = ExactConjugateGradient.iterate(problem.hessian(START), RHO, g, inverse, 2);
        INDArray delta = delta(sgn().cgIterations(2).preconditioner(0.75).build(), problem, RHO);
        assertClose(problem.vector(expected), delta, Tolerances.DOUBLE, "Δ");
    }

    /** m̂ₜ = (1 − β)Σ βᵗ⁻ⁱgᵢ/(1 − βᵗ) in place of g. */
    @Test
    void sgnWithMomentumSolvesForTheAveragedGradient() {
        double beta = 0.6;
        Sgn settings = sgn().cgIterations(D).momentum(beta).build();
        DenseProblem problem = problem(Loss.SOFTMAX);
        double[] m = new double[D];
        double[] theta = START;
        INDArray delta = problem.newVector();
        try (Direction direction = Directions.of(settings, DataType.DOUBLE, D);
                TrainingState state = state(settings)) {
            for (int t = 1; t <= 4; t++) {
                double[] g = problem.gradient(theta);
                m = DenseModel.plus(DenseModel.times(beta, m), 1 - beta, g);
                double[] h = DenseModel.times(1 / (1 - Math.pow(beta, t)), m);
                double[] expected = DenseModel.times(
                        -1, problem.hessian(theta).plusIdentity(RHO).solve(h));
                Direction.Proposal proposal =
                        direction.propose(problem.linearize(problem.vector(theta)), RHO, state, delta);
                assertClose(problem.vector(expected), delta, Tolerances.DOUBLE, "step " + t);
                assertClose(DenseModel.dot(h, expected), proposal.descent(), Tolerances.DOUBLE, "hᵀΔ");
                assertClose(DenseModel.dot(g, expected), proposal.slope(), Tolerances.DOUBLE, "gᵀΔ");
                direction.commit(state, delta);
                state.countStep();
                theta = DenseModel.plus(theta, 0.3, expected);
            }
        }
    }

    @Test
    void momentumChangesOnlyWhenItIsCommitted() {
        Sgn settings = sgn().cgIterations(D).momentum(0.6).build();
        DenseProblem problem = problem(Loss.SOFTMAX);
        INDArray first = problem.newVector();
        INDArray again = problem.newVector();
        try (Direction direction = Directions.of(settings, DataType.DOUBLE, D);
                TrainingState state = state(settings)) {
            Point point = problem.linearize(problem.vector(START));
            direction.propose(point, RHO, state, first);
            direction.propose(point, RHO, state, again);
            assertEquals(first, again);
        }
    }

    /** β·Δ of the step before, where that lowers the model: exact from there with too few iterations from zero. */
    @Test
    void sgnStartsFromTheDirectionBefore() {
        Sgn settings = sgn().cgIterations(1).warmStart(1).build();
        DenseProblem problem = problem(Loss.LEAST_SQUARES).withBend(0);
        INDArray exact = problem.vector(problem.exact(START, RHO));
        INDArray delta = problem.newVector();
        try (Direction direction = Directions.of(settings, DataType.DOUBLE, D);
                TrainingState state = state(settings)) {
            Point point = problem.linearize(problem.vector(START));
            double error = Double.POSITIVE_INFINITY;
            for (int i = 0; i < 40; i++) {
                direction.propose(point, RHO, state, delta);
                direction.commit(state, delta);
                double now = Tolerances.relativeError(exact, delta);
                assertTrue(now < error || now < Tolerances.ROUNDING, "error " + now + " after " + error);
                error = now;
            }
            assertTrue(error < 1e-2, "error " + error);
            direction.commit(state, null);
            assertEquals(delta, state.direction().vector("previous"), "an invalid direction is not kept");
        }
    }

    @Test
    void sgnsAdaptiveIterationsFollowTheRatio() {
        Sgn settings = sgn().cgIterations(2).adaptiveIterations(1, 3).build();
        DenseProblem problem = problem(Loss.SOFTMAX);
        INDArray delta = problem.newVector();
        try (Direction direction = Directions.of(settings, DataType.DOUBLE, D);
                TrainingState state = state(settings)) {
            Point point = problem.linearize(problem.vector(START));
            int expected = 2;
            for (double ratio : new double[] {0.5, 0.9, 0.9, 0.1, 0.1, 0.1, 0.5}) {
                Solve solve = direction.propose(point, RHO, state, delta).solve();
                assertEquals(expected, solve.iterations());
                direction.observe(ratio, state);
                expected = Math.max(1, Math.min(3, expected + (ratio > 0.75 ? 1 : ratio < 0.25 ? -1 : 0)));
            }
        }
    }

    @Test
    void withoutPositiveCurvatureSgnHasNoDirection() {
        Problem upsideDown = ChangedProblem.curvature(problem(Loss.SOFTMAX), -100);
        INDArray delta = upsideDown.newVector();
        Sgn settings = sgn().build();
        try (Direction direction = Directions.of(settings, DataType.DOUBLE, D);
                TrainingState state = state(settings)) {
            Point point = upsideDown.linearize(Nd4j.createFromArray(START));
            Direction.Proposal proposal = direction.propose(point, RHO, state, delta);
            assertFalse(proposal.usable());
            assertTrue(proposal.solve().ending().startsWith("NONPOSITIVE_CURVATURE"));
        }
    }

    // ---- EGN
    // ----------------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource(Loss.class)
    void egnIsExactByWhateverWay(Loss loss) {
        DenseProblem problem = problem(loss);
        for (double lambda : new double[] {1e-6, 0.05, 10}) {
            INDArray exact = problem.vector(problem.exact(START, lambda));
            assertClose(exact, delta(egn().build(), problem, lambda), Tolerances.DOUBLE, "by a factorization");
            Egn iterative = egn().cgTolerance(1e-12).build();
            Problem rowless = ChangedProblem.withoutRows(problem);
            assertClose(exact, delta(iterative, rowless, lambda), Tolerances.DOUBLE, "without rows");
            Egn small = egn().cgTolerance(1e-12).gramLimit(D - 1).build();
            assertClose(exact, delta(small, problem, lambda), Tolerances.DOUBLE, "with too many rows");
        }
    }

    @Test
    void egnSolvesSumsAndPenaltiesToo() {
        DenseProblem whole = problem(Loss.SOFTMAX);
        Egn settings = egn().cgTolerance(1e-12).build();
        try (Penalty penalty = new Penalty(List.of(new Span(0, D)), new double[] {0.4}, DataType.DOUBLE);
                SumProblem sum = new SumProblem(List.of(whole.part(0, 2), whole.part(2, 6)));
                RegularizedProblem penalized = new RegularizedProblem(whole, penalty);
                RegularizedProblem penalizedSum = new RegularizedProblem(sum, penalty)) {
            assertClose(
                    whole.vector(whole.exact(START, RHO)), delta(settings, sum, RHO), Tolerances.DOUBLE, "of a sum");
            double[] g = DenseModel.plus(whole.gradient(START), 0.4, START);
            double[] exact = DenseModel.times(
                    -1, whole.hessian(START).plusIdentity(0.4 + RHO).solve(g));
            assertClose(whole.vector(exact), delta(settings, penalized, RHO), Tolerances.DOUBLE, "with l2");
            assertClose(whole.vector(exact), delta(settings, penalizedSum, RHO), Tolerances.DOUBLE, "of both");
        }
    }

    /** The dense system spoils the fourth digit in float32: corrections by products with H bring it back. */
    @Test
    void egnCorrectsAFactorizationInFloat32() {
        DenseProblem problem = problem(Loss.SOFTMAX).ofType(DataType.FLOAT);
        INDArray delta = problem.newVector();
        Egn settings = egn().build();
        try (Direction direction = Directions.of(settings, DataType.FLOAT, D);
                TrainingState state = state(settings)) {
            Point point = problem.linearize(problem.vector(START));
            // with this little damping the conjugate gradients that are tried first do not get there
            Solve solve = direction.propose(point, 1e-7, state, delta).solve();
            assertTrue(solve.ending().contains("float32") || solve.ending().contains("RESIDUAL"), solve.ending());
            assertTrue(solve.residualNorm() <= 1e-5 * Vectors.norm2(point.gradient()), solve::toString);
        }
    }

    @Test
    void egnWithMomentumGoesAlongTheAverageUnlessAStepWasRejected() {
        double beta = 0.6;
        Egn settings = egn().momentum(beta).build();
        DenseProblem problem = problem(Loss.SOFTMAX);
        double[] average = new double[D];
        double[] theta = START;
        INDArray delta = problem.newVector();
        try (Direction direction = Directions.of(settings, DataType.DOUBLE, D);
                TrainingState state = state(settings)) {
            for (int t = 1; t <= 4; t++) {
                double[] exact = problem.exact(theta, RHO);
                average = DenseModel.plus(DenseModel.times(beta, average), 1 - beta, exact);
                double[] expected = DenseModel.times(1 / (1 - Math.pow(beta, t)), average);
                Point point = problem.linearize(problem.vector(theta));
                direction.propose(point, RHO, state, delta);
                assertClose(problem.vector(expected), delta, Tolerances.DOUBLE, "step " + t);
                state.setRejections(1);
                direction.propose(point, RHO, state, delta);
                assertClose(problem.vector(exact), delta, Tolerances.DOUBLE, "after a rejection");
                state.setRejections(0);
                direction.commit(state, delta);
                state.countStep();
                theta = DenseModel.plus(theta, 0.3, expected);
            }
            INDArray m = state.direction().vector("momentum").dup();
            direction.commit(state, null);
            assertClose(m.mul(beta), state.direction().vector("momentum"), Tolerances.ROUNDING, "after an invalid one");
        }
    }

    /** All labels are such that Q = 0: there is the gradient to follow. */
    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"FLOAT", "DOUBLE"})
    void withoutCurvatureTheDirectionIsTheScaledGradient(DataType type) {
        DenseProblem flat = DenseProblem.linear(new double[][] {{0, 0, 0, 0, 0}}, new double[] {1}, 1)
                .ofType(type);
        INDArray slope = flat.vector(1, 2, 3, 4, 5);
        Problem tilted = ChangedProblem.gradient(flat, theta -> true, g -> slope);
        INDArray expected = slope.div(-RHO);
        for (GaussNewtonUpdater settings : List.of(egn().build(), sgn().build())) {
            INDArray delta = tilted.newVector();
            try (Direction direction = Directions.of(settings, type, D);
                    TrainingState state = state(settings)) {
                // rows of zeros, whose g is zero too, say nothing of this gradient
                Problem rowless = ChangedProblem.gradient(ChangedProblem.withoutRows(flat), theta -> true, g -> slope);
                Direction.Proposal proposal =
                        direction.propose(rowless.linearize(flat.vector(START)), RHO, state, delta);
                assertTrue(proposal.usable());
                assertClose(expected, delta, Tolerances.products(type), "Δ");
            }
        }
    }

    /** A system that returns zero where the gradient is not: no direction, and no success. */
    @Test
    void aZeroDirectionAtAGradientIsNotUsable() {
        DenseProblem flat = DenseProblem.linear(new double[][] {{0, 0, 0, 0, 0}}, new double[] {1}, 1);
        Problem tilted = ChangedProblem.gradient(flat, theta -> true, g -> flat.vector(1, 2, 3, 4, 5));
        Egn settings =
                Searching.egn().damping(Damping.constant(RHO)).momentum(0).build();
        try (Training training = new Training(settings, flat.vector(START))) {
            Step step = training.step(tilted);
            assertEquals(0, step.directionNorm());
            assertEquals(StepOutcome.Outcome.REJECTED, step.outcome());
            assertTrue(step.reductionRatio() != 1, step::toString);
        }
    }

    // ---- one's own --------------------------------------------------------------------------------------------------

    /** Settings of a direction along the gradient. */
    private static class Steepest extends GaussNewtonUpdater {

        private static final long serialVersionUID = 1L;

        Steepest() {
            super(0.1, null, 0, Damping.constant(0), LineSearch.none(), 20);
        }

        @Override
        protected List<String> directionNumbers() {
            return List.of("calls");
        }

        @Override
        protected List<String> directionVectors() {
            return List.of();
        }

        @Override
        public Steepest clone() {
            return new Steepest();
        }
    }

    private static final class SteepestDirection implements Direction {

        @Override
        public Proposal propose(Point at, double damping, TrainingState state, INDArray delta) {
            Vectors.copy(at.gradient(), delta);
            Vectors.scale(-1, delta);
            double slope = Vectors.dot(at.gradient(), delta);
            return new Proposal(slope, slope, 0, true, new Solve("STEEPEST", D, damping, 0, 0, 0, "none needed"));
        }

        @Override
        public void commit(TrainingState state, @Nullable INDArray delta) {
            state.direction().set("calls", state.direction().number("calls") + 1);
        }

        @Override
        public void close() {}
    }

    @Test
    void aDirectionOfOnesOwnIsRegistered() {
        DenseProblem problem = problem(Loss.SOFTMAX);
        assertFails(
                IllegalStateException.class,
                () -> Directions.of(new Steepest() {}, DataType.DOUBLE, D),
                "No direction",
                "Directions.register",
                "Sgn");
        Directions.register(Steepest.class, (settings, type, dimension) -> new SteepestDirection());
        try (Training training = new Training(new Steepest(), problem.vector(START))) {
            Step step = training.steps(problem, 3);
            assertEquals("STEEPEST", step.solve().solver());
            assertEquals(3, training.state().direction().number("calls"));
            assertTrue(step.lossAfter() < training.history().get(0).lossBefore());
        }
    }
}
