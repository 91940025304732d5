package org.dl4jgn.optimize;

import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.dl4jgn.conf.Damping;
import org.dl4jgn.conf.Egn;
import org.dl4jgn.conf.GaussNewtonUpdater;
import org.dl4jgn.conf.LineSearch;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.linalg.Span;
import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.problem.Point;
import org.dl4jgn.testing.DenseProblem;
import org.dl4jgn.testing.DenseProblem.Loss;
import org.dl4jgn.testing.Matrix;
import org.dl4jgn.testing.Tolerances;
import org.dl4jgn.testing.Training;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What less damping would add to a direction, against dense solves; and what damping learns from it. */
class SensitivityTest {

    private static final double[] START = {0.3, -0.2, 0.5, 0.1, -0.4};
    private static final double[] LAST = {0.1, 0.2, -0.3, 0.05, 0.4};
    private static final int D = START.length;
    private static final double LAMBDA = 0.05;
    private static final double MU = 0.8;

    private static Sgn sgn() {
        return Sgn.builder()
                .cgIterations(D)
                .projectedMomentum(MU)
                .lineSearch(LineSearch.none())
                .damping(Damping.hypergradient(0.1))
                .build();
    }

    private static Egn egn() {
        return Egn.builder()
                .projectedMomentum(MU)
                .lineSearch(LineSearch.none())
                .damping(Damping.hypergradient(0.1))
                .build();
    }

    static Stream<Arguments> settings() {
        return Stream.of(DataType.DOUBLE, DataType.FLOAT)
                .flatMap(type -> Stream.of(true, false)
                        .flatMap(remembers -> Stream.of(sgn(), egn()).map(s -> Arguments.of(s, type, remembers))));
    }

    /** (H + λI)⁻¹(−g + λμΔ'). */
    private static double[] solution(DenseProblem problem, double lambda, boolean remembers) {
        double[] right = problem.gradient(START);
        for (int i = 0; i < D; i++) {
            right[i] = -right[i] + (remembers ? lambda * MU * LAST[i] : 0);
        }
        return problem.hessian(START).plusIdentity(lambda).solve(right);
    }

    /** By conjugate gradients Δ(λ) − Δ(2λ), else −∂Δ/∂ln λ = λ(H + λI)⁻¹(Δ − μΔ'). */
    private static double[] change(DenseProblem problem, boolean byIterations, boolean remembers) {
        double[] w = solution(problem, LAMBDA, remembers);
        double[] twice = solution(problem, 2 * LAMBDA, remembers);
        for (int i = 0; i < D; i++) {
            w[i] -= byIterations ? twice[i] : remembers ? MU * LAST[i] : 0;
        }
        if (byIterations) {
            return w;
        }
        double[] derivative = problem.hessian(START).plusIdentity(LAMBDA).solve(w);
        return Arrays.stream(derivative).map(x -> LAMBDA * x).toArray();
    }

    @ParameterizedTest(name = "{0}, {1}, {2}")
    @MethodSource("settings")
    void itIsThatOfDenseSolves(GaussNewtonUpdater settings, DataType type, boolean remembers) {
        DenseProblem problem = DenseProblem.random(Loss.SOFTMAX, 6, 3, D, 17).ofType(type);
        INDArray array = Nd4j.zeros(type, settings.stateSize(D));
        double tolerance = type == DataType.DOUBLE ? Tolerances.DOUBLE : Tolerances.FLOAT_DIRECTION;
        try (Direction direction = Directions.of(settings, type, D);
                TrainingState state = new TrainingState(array, settings.stateLayout(), List.of(new Span(0, D)), D)) {
            state.load(settings.damping());
            if (remembers) {
                state.rememberDirection(problem.vector(LAST));
            }
            Point point = problem.linearize(problem.vector(START));
            INDArray delta = problem.newVector();
            Solve solve = direction.propose(point, LAMBDA, state, delta).solve();
            assertClose(problem.vector(solution(problem, LAMBDA, remembers)), delta, tolerance, "Δ");
            Direction.Sensitivity found = direction.sensitivity().orElseThrow();
            double[] w = change(problem, solve.solver().equals("CONJUGATE_GRADIENTS"), remembers);
            assertClose(problem.vector(w), found.change(), tolerance, "w");
            assertClose(Matrix.dot(problem.gradient(START), w), found.slope(), tolerance, "gᵀw");
            INDArray product = problem.newVector();
            point.gaussNewton().apply(delta, product);
            assertClose(Vectors.dot(product, problem.vector(w)), found.curvature(), tolerance, "wᵀHΔ");
            assertEquals(found.slope() + 0.3 * found.curvature(), found.slopeAt(0.3));
        }
    }

    @Test
    void nobodyAsksWhereTheDampingDoesNot() {
        Sgn settings = Sgn.builder().damping(Damping.constant(LAMBDA)).build();
        try (Direction direction = Directions.of(settings, DataType.DOUBLE, D)) {
            assertTrue(direction.sensitivity().isEmpty());
        }
        assertEquals(
                0,
                settings.stateLayout().components().stream()
                        .filter(component -> component.role().equals(GaussNewtonUpdater.SENSITIVITY))
                        .count());
    }

    /** Two rows, one of them stiff, with labels of which the first may contradict those of the mini-batch before. */
    private static DenseProblem rows(double stiff, double weak) {
        double[][] a = {{10, 0}, {0, 0.1}};
        return DenseProblem.linear(a, new double[] {stiff, weak}, 1);
    }

    /**
     * In mini-batches that contradict each other in a stiff direction, and agree in a weak one, damping falls: more of it would
     * help nobody. In those that contradict each other in the weak one it rises.
     */
    @Test
    void contradictionsInStiffDirectionsRaiseNothing() {
        double first = dampingAfter(new double[] {0.5, 1}, new double[] {-0.6, 1});
        double second = dampingAfter(new double[] {0.5, 1}, new double[] {0.5, -1.1});
        double none = sgn2().damping().initial().value();
        assertTrue(first < 0.5 * none, first + " of " + none);
        assertTrue(second > 2 * none, second + " of " + none);
    }

    /** From within the limits of the damping, whose default start is the upper one. */
    private static Sgn sgn2() {
        return Sgn.builder()
                .damping(Damping.hypergradient(0.03))
                .cgIterations(2)
                .averaging(0)
                .build();
    }

    private static double dampingAfter(double[] one, double[] other) {
        DenseProblem[] batches = {rows(one[0], one[1]), rows(other[0], other[1])};
        try (Training training = new Training(sgn2(), batches[0].vector(0.0, 0.0))) {
            for (int i = 0; i < 40; i++) {
                training.step(batches[i % 2]);
            }
            return training.state().damping().value();
        }
    }
}
