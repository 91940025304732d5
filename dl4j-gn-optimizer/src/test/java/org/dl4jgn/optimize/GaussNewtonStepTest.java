package org.dl4jgn.optimize;

import static org.dl4jgn.testing.Failures.assertFails;
import static org.dl4jgn.testing.Small.bits;
import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.dl4jgn.conf.Damping;
import org.dl4jgn.conf.Egn;
import org.dl4jgn.conf.GaussNewtonUpdater;
import org.dl4jgn.conf.LineSearch;
import org.dl4jgn.conf.Ray;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.conf.StepReset;
import org.dl4jgn.optimize.StepOutcome.Outcome;
import org.dl4jgn.problem.Problem;
import org.dl4jgn.testing.ChangedProblem;
import org.dl4jgn.testing.DenseModel;
import org.dl4jgn.testing.DenseProblem;
import org.dl4jgn.testing.DenseProblem.Loss;
import org.dl4jgn.testing.Searching;
import org.dl4jgn.testing.Tolerances;
import org.dl4jgn.testing.Training;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The step loop on dense problems: what it decides, what it keeps, and what it tells the damping. */
class GaussNewtonStepTest {

    private static final double[] START = {0.3, -0.2, 0.5, 0.1, -0.4};

    private static DenseProblem problem(Loss loss) {
        return DenseProblem.random(loss, 6, 3, START.length, 17);
    }

    private static Sgn plain() {
        return Searching.sgn()
                .damping(Damping.constant(0.1))
                .lineSearch(LineSearch.none())
                .cgIterations(START.length)
                .build();
    }

    // ---- an ordinary step ------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource(Loss.class)
    void aPlainStepIsTheExactOneByEitherDirection(Loss loss) {
        DenseProblem problem = problem(loss);
        double[] exact = DenseModel.plus(START, 1, problem.exact(START, 0.1));
        for (GaussNewtonUpdater settings : List.of(
                plain(),
                Searching.egn()
                        .damping(Damping.constant(0.1))
                        .lineSearch(LineSearch.none())
                        .build())) {
            try (Training training = new Training(settings, problem.vector(START))) {
                Step step = training.step(problem);
                assertClose(problem.vector(exact), training.theta(), Tolerances.DOUBLE, "θ of " + settings);
                assertEquals(Outcome.ACCEPTED, step.outcome());
                assertClose(problem.loss(START), step.lossBefore(), Tolerances.ROUNDING, "loss before");
                assertClose(problem.loss(exact), step.lossAfter(), Tolerances.DOUBLE, "loss after");
                double[] g = problem.gradient(START);
                double[] delta = problem.exact(START, 0.1);
                double predicted = -0.5 * DenseModel.dot(g, delta);
                assertClose(predicted, step.predictedReduction(), Tolerances.DOUBLE, "predicted");
                double actual = problem.loss(START) - problem.loss(exact);
                assertClose(actual / predicted, step.reductionRatio(), Tolerances.DOUBLE, "ratio");
                assertClose(Math.sqrt(DenseModel.dot(g, g)), step.gradientNorm(), Tolerances.ROUNDING, "‖g‖");
                assertClose(Math.sqrt(DenseModel.dot(delta, delta)), step.directionNorm(), Tolerances.DOUBLE, "‖Δ‖");
                assertTrue(step.moves());
                assertEquals(0, step.rejectionsInARow());
            }
        }
    }

    @Test
    void argumentsAreNotChanged() {
        DenseProblem problem = problem(Loss.SOFTMAX);
        INDArray theta = problem.vector(START);
        long[] before = bits(theta);
        Sgn settings = plain();
        try (Training training = new Training(settings, theta)) {
            INDArray passed = theta.dup();
            training.stepper().linearize(problem, passed, training.state());
            training.stepper().take(1, training.state());
            assertArrayEquals(before, bits(passed));
            assertArrayEquals(before, bits(training.stepper().base()));
        }
    }

    @Test
    void aStepComesInItsOrder() {
        DenseProblem problem = problem(Loss.SOFTMAX);
        try (Training training = new Training(plain(), problem.vector(START))) {
            training.step(problem);
            assertFails(NullPointerException.class, () -> training.stepper().take(1, training.state()), "linearize");
        }
    }

    // ---- what a rule of damping is told
    // -------------------------------------------------------------------------------

    /** Writes down its events. */
    private record Recorder(List<String> events, boolean isValidated) implements Damping {

        @Override
        public State initial() {
            return new State(0.1);
        }

        @Override
        public double value(State state, long step) {
            return state.value();
        }

        @Override
        public double value(State state, long step, double excess, double curvature) {
            events.add("excess " + excess);
            return state.value();
        }

        @Override
        public State accepted(State state, double ratio) {
            events.add("accepted " + ratio);
            return state;
        }

        @Override
        public State rejected(State state) {
            throw new AssertionError("the ratio was not given");
        }

        @Override
        public State rejected(State state, double ratio) {
            events.add("rejected " + ratio);
            return new State(2 * state.value());
        }

        @Override
        public State invalid(State state) {
            events.add("invalid");
            return new State(10 * state.value());
        }

        @Override
        public State validated(State state, double actual, double predicted) {
            events.add("validated " + actual + " of " + predicted);
            return state;
        }
    }

    @Test
    void theDampingHearsTheRatioOfAcceptedAndOfRejectedSteps() {
        DenseProblem problem = problem(Loss.LEAST_SQUARES);
        Recorder rule = new Recorder(new ArrayList<>(), false);
        Sgn settings = Searching.sgn()
                .damping(rule)
                .lineSearch(LineSearch.armijo(1e-4, 0.5, 0))
                .learningRate(1e3)
                .build();
        try (Training training = new Training(settings, problem.vector(START))) {
            Step step = training.step(problem);
            assertEquals(Outcome.REJECTED, step.outcome());
            assertTrue(step.reductionRatio() < 0 && Double.isFinite(step.predictedReduction()), step::toString);
            assertEquals("rejected " + step.reductionRatio(), rule.events.get(1));
            assertArrayEquals(START, training.parameters());
            assertEquals(1, training.state().rejections());
        }
        rule.events.clear();
        try (Training training = new Training(
                Searching.sgn().damping(rule).build(), problem.withOffset(-50).vector(START))) {
            Step step = training.step(problem.withOffset(-50));
            assertEquals(Outcome.ACCEPTED, step.outcome());
            assertEquals("accepted " + step.reductionRatio(), rule.events.get(1));
            double excess = Double.parseDouble(rule.events.get(0).substring("excess ".length()));
            assertClose(problem.loss(START), excess, Tolerances.ROUNDING, "loss above its least value");
        }
    }

    @Test
    void anUnknownLeastValueIsInfinitelyFar() {
        DenseProblem problem = problem(Loss.LEAST_SQUARES).withOffset(Double.NEGATIVE_INFINITY);
        Problem finite = ChangedProblem.value(problem, theta -> true, value -> 1.0);
        Recorder rule = new Recorder(new ArrayList<>(), false);
        try (Training training = new Training(Searching.sgn().damping(rule).build(), problem.vector(START))) {
            training.step(finite);
            assertEquals("excess Infinity", rule.events.get(0));
        }
    }

    @Test
    void theDampingHearsWhatAStepDidForTheNextProblem() {
        DenseProblem first = problem(Loss.SOFTMAX);
        DenseProblem second = DenseProblem.random(Loss.SOFTMAX, 6, 3, START.length, 18);
        Recorder rule = new Recorder(new ArrayList<>(), true);
        Egn settings = Searching.egn().damping(rule).momentum(0).build();
        try (Training training = new Training(settings, first.vector(START))) {
            Step one = training.step(first);
            double[] reached = training.parameters();
            assertTrue(Double.isNaN(one.validationRatio()));
            rule.events.clear();
            Step two = training.step(second);
            double actual = second.loss(START) - second.loss(reached);
            String[] told = rule.events.get(0).split(" ");
            assertClose(actual, Double.parseDouble(told[1]), Tolerances.DOUBLE, "actual");
            assertClose(one.predictedReduction(), Double.parseDouble(told[3]), Tolerances.DOUBLE, "predicted");
            assertClose(actual / one.predictedReduction(), two.validationRatio(), Tolerances.DOUBLE, "ratio");
        }
    }

    /**
     * A loss that is negative, as Poisson's at times: damping in proportion to it would fall to 1e-12, and swing back up by
     * rejections.
     */
    @ParameterizedTest
    @MethodSource("proportional")
    void aConstantInTheLossDoesNotMatterToTheDamping(Damping rule) {
        DenseProblem problem = problem(Loss.SOFTMAX);
        DenseProblem negative = problem.withOffset(-4);
        Egn settings = Searching.egn().damping(rule).build();
        try (Training plain = new Training(settings, problem.vector(START));
                Training shifted = new Training(settings, problem.vector(START))) {
            for (int i = 0; i < 20; i++) {
                Step expected = plain.step(problem);
                Step actual = shifted.step(negative);
                assertTrue(actual.lossBefore() < 0);
                assertTrue(expected.damping() > 1e-6, expected::toString);
                assertClose(expected.damping(), actual.damping(), Tolerances.DOUBLE, "damping of step " + i);
            }
        }
    }

    static Stream<Damping> proportional() {
        return Stream.of(
                Damping.proportional(4),
                Damping.proportional(Damping.validated(4)),
                Searching.egn().build().damping());
    }

    // ---- each rule of damping lowers a loss -----------------------------------------------------------------------

    static Stream<Damping> rules() {
        return Stream.of(
                Damping.constant(0.1),
                Damping.linear(1, 0.01, 10),
                Damping.cosine(1, 0.01, 10),
                Damping.trustRegion(0.1),
                Damping.nielsen(0.1),
                Damping.adaptive(0.1),
                Damping.proportional(1),
                Damping.validated(0.1),
                Damping.proportional(Damping.validated(4)));
    }

    /** To where the gradient vanishes; on the way the damping is what the rule, told each step's ratio, says. */
    @ParameterizedTest
    @MethodSource("rules")
    void everyRuleLeadsToAMinimum(Damping rule) {
        DenseProblem problem = problem(Loss.LEAST_SQUARES);
        for (GaussNewtonUpdater settings : List.of(
                Searching.sgn()
                        .damping(rule)
                        .cgIterations(20)
                        .residualTolerance(0)
                        .build(),
                Searching.egn().damping(rule).momentum(0).build())) {
            try (Training training = new Training(settings, problem.vector(START))) {
                Damping.State state = rule.initial();
                double promised = 0;
                double[] previous = START;
                for (int i = 0; i < 200; i++) {
                    double[] theta = training.parameters();
                    if (rule.isValidated() && promised > 0) {
                        state = rule.validated(state, problem.loss(previous) - problem.loss(theta), promised);
                    }
                    Step step = training.step(problem);
                    if (step.outcome() == Outcome.CONVERGED) {
                        continue;
                    }
                    double excess = step.lossBefore();
                    double curvature = problem.linearize(problem.vector(theta)).lossCurvature();
                    if (i < 10) {
                        assertClose(
                                rule.value(state, i, excess, curvature),
                                step.damping(),
                                Tolerances.DOUBLE,
                                rule + " in step " + i);
                    }
                    boolean accepted = step.outcome() == Outcome.ACCEPTED;
                    state = accepted
                            ? rule.accepted(state, step.reductionRatio())
                            : rule.rejected(state, step.reductionRatio());
                    promised = accepted && step.evaluations() == 1 ? step.predictedReduction() : 0;
                    previous = theta;
                }
                Step end = training.history().get(199);
                assertTrue(
                        end.gradientNorm() < 1e-3 * training.history().get(0).gradientNorm(), () -> rule + ": " + end);
            }
        }
    }

    // ---- steps that go wrong ----------------------------------------------------------------------------------------

    @Test
    void aTrialThatIsNotFiniteMakesTheStepInvalid() {
        DenseProblem problem = problem(Loss.SOFTMAX);
        INDArray start = problem.vector(START);
        Problem island = ChangedProblem.value(problem, theta -> isElsewhere(theta, start), value -> Double.NaN);
        Sgn settings = Searching.sgn().damping(Damping.constant(0.1)).build();
        try (Training training = new Training(settings, start)) {
            Step step = training.step(island);
            assertEquals(Outcome.INVALID, step.outcome());
            assertEquals(11, step.evaluations());
            assertEquals(Double.NEGATIVE_INFINITY, step.reductionRatio());
            assertFalse(step.moves());
            assertEquals(1.0, training.step(island).damping(), Tolerances.ROUNDING);
        }
    }

    @Test
    void parametersThatAreNotFiniteAreRefused() {
        DenseProblem problem = problem(Loss.SOFTMAX);
        try (Training training = new Training(plain(), problem.vector(0, Double.NaN, 0, 0, 0))) {
            assertFails(IllegalStateException.class, () -> training.step(problem), "NaN", "No parameter was changed");
        }
    }

    @Test
    void anOverflowBeforeTheFirstStepIsAnError() {
        DenseProblem problem = problem(Loss.SOFTMAX);
        Problem noLoss = ChangedProblem.value(problem, theta -> true, value -> Double.POSITIVE_INFINITY);
        Problem noGradient = ChangedProblem.gradient(problem, theta -> true, g -> g.assign(Double.NaN));
        try (Training training = new Training(plain(), problem.vector(START))) {
            assertFails(IllegalStateException.class, () -> training.step(noLoss), "The loss is Infinity");
            assertFails(IllegalStateException.class, () -> training.step(noGradient), "gradient's norm is NaN");
            assertArrayEquals(START, training.parameters());
        }
    }

    /** Softplus in float: o = log(1 + e^z) is 0 where its derivative is 0/0. */
    @Test
    void aStepToWhereTheGradientIsNotANumberIsTakenBack() {
        DenseProblem problem = problem(Loss.SOFTMAX);
        INDArray start = problem.vector(START);
        Problem cliff =
                ChangedProblem.gradient(problem, theta -> isElsewhere(theta, start), g -> g.putScalar(1, Double.NaN));
        Damping rule = Damping.nielsen(0.1);
        Sgn settings = Searching.sgn().damping(rule).build();
        try (Training training = new Training(settings, start)) {
            Step first = training.step(cliff);
            assertEquals(Outcome.ACCEPTED, first.outcome());
            assertFalse(start.equals(training.theta()));
            Step second = training.step(cliff);
            assertEquals(Outcome.INVALID, second.outcome());
            assertTrue(second.moves());
            assertEquals(1, second.rejectionsInARow());
            assertTrue(second.solve().ending().contains("taken back"), second::toString);
            assertArrayEquals(START, training.parameters());
            Damping.State told = rule.invalid(rule.accepted(rule.initial(), first.reductionRatio()));
            Step third = training.step(problem);
            assertEquals(rule.value(told, 1), third.damping());
            assertEquals(Outcome.ACCEPTED, third.outcome());
        }
    }

    @Test
    void aLossThatIsNotFiniteOnTheNextProblemTakesTheStepBackToo() {
        DenseProblem problem = problem(Loss.SOFTMAX);
        INDArray start = problem.vector(START);
        Problem other = ChangedProblem.value(problem, theta -> isElsewhere(theta, start), value -> Double.NaN);
        try (Training training = new Training(plain(), start)) {
            training.step(problem);
            assertEquals(Outcome.INVALID, training.step(other).outcome());
            assertArrayEquals(START, training.parameters());
        }
    }

    @Test
    void whatIsNotTheStepsFaultIsAnError() {
        DenseProblem problem = problem(Loss.SOFTMAX);
        Problem broken = ChangedProblem.gradient(problem, theta -> true, g -> g.assign(Double.NaN));
        try (Training training = new Training(plain(), problem.vector(START))) {
            training.step(problem);
            double[] reached = training.parameters();
            // the mini-batch is broken everywhere
            assertFails(IllegalStateException.class, () -> training.step(broken), "gradient");
            assertArrayEquals(reached, training.parameters());
            // the parameters are not where the step led
            training.step(problem);
            training.theta().putScalar(0, 7.0);
            double[] set = training.parameters();
            Problem cliff =
                    ChangedProblem.gradient(problem, theta -> theta.getDouble(0) == 7, g -> g.assign(Double.NaN));
            assertFails(IllegalStateException.class, () -> training.step(cliff), "gradient");
            assertArrayEquals(set, training.parameters());
        }
    }

    // ---- nothing to gain ------------------------------------------------------------------------------------------

    static Stream<GaussNewtonUpdater> optimizers() {
        return Stream.of(
                Searching.sgn().build(),
                Searching.sgn().residualTolerance(0).build(),
                Searching.sgn().momentum(0.9).build(),
                Searching.sgn()
                        .damping(Damping.nielsen(1e-3))
                        .warmStart(0.9)
                        .residualTolerance(0)
                        .build(),
                Searching.egn().build(),
                Searching.egn().momentum(0).build(),
                Searching.egn()
                        .damping(Damping.adaptive(1))
                        .lineSearch(LineSearch.armijo())
                        .build());
    }

    static Stream<DenseProblem> fits() {
        return Stream.of(DataType.FLOAT, DataType.DOUBLE)
                .flatMap(type -> Stream.of(
                                // more parameters than numbers to fit
                                DenseProblem.random(Loss.LEAST_SQUARES, 3, 1, START.length, 5),
                                problem(Loss.LEAST_SQUARES).fittedAt(1, -1, 0.5, 0.25, 2),
                                DenseProblem.random(Loss.SOFTMAX, 3, 2, START.length, 3),
                                // no fit at all
                                problem(Loss.LEAST_SQUARES),
                                problem(Loss.SOFTMAX))
                        .map(problem -> problem.ofType(type)));
    }

    /** As with Adam, training idles; a step that changes nothing does not count as rejected, whatever the optimizer. */
    @ParameterizedTest
    @MethodSource("fits")
    void trainingIdlesAtAMinimum(DenseProblem problem) {
        for (GaussNewtonUpdater settings : optimizers().toList()) {
            try (Training training = new Training(settings, problem.vector(START))) {
                int worst = 0;
                for (int i = 0; i < 300; i++) {
                    worst = Math.max(worst, training.step(problem).rejectionsInARow());
                }
                Step end = training.history().get(299);
                int atWorst = worst;
                assertTrue(worst < settings.maxRejections(), () -> atWorst + " rejected by " + settings + ": " + end);
                assertTrue(end.lossBefore() <= training.history().get(0).lossBefore(), end::toString);
                assertTrue(Double.isFinite(Math.abs(training.theta().sumNumber().doubleValue())));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void atAZeroGradientAStepGainsNothingAndLeavesTheDamping(GaussNewtonUpdater settings) {
        DenseProblem problem = DenseProblem.linear(new double[][] {{1, 2}, {3, 4}}, new double[] {0, 0}, 2);
        try (Training training = new Training(settings, problem.vector(0, 0))) {
            Damping.State before = training.state().damping();
            for (int i = 0; i < 5; i++) {
                Step step = training.step(problem);
                assertEquals(Outcome.CONVERGED, step.outcome());
                assertEquals(0, step.gradientNorm());
                assertEquals(0, step.stepLength());
                assertEquals(0, step.rejectionsInARow());
                assertFalse(step.moves());
                assertTrue(step.reductionRatio() != 1, "a step that is none is no success");
            }
            assertEquals(before, training.state().damping());
            assertEquals(5, training.state().steps());
            assertArrayEquals(new double[2], training.parameters());
        }
    }

    /** Momentum that points away from where everything fits is no step, and no rejection either, while it fades. */
    @Test
    void momentumFromElsewhereGainsNothingAtAFit() {
        DenseProblem problem = problem(Loss.LEAST_SQUARES);
        Sgn settings = Searching.sgn()
                .momentum(0.9)
                .residualTolerance(0)
                .damping(Damping.nielsen(0.1))
                .build();
        try (Training training = new Training(settings, problem.vector(START))) {
            training.steps(problem, 3);
            DenseProblem fitted = problem.fittedAt(training.parameters());
            INDArray reached = training.theta().dup();
            Damping.State before = training.state().damping();
            for (int i = 0; i < 30; i++) {
                Step step = training.step(fitted);
                assertEquals(Outcome.CONVERGED, step.outcome(), step::toString);
                assertTrue(step.directionNorm() > 0 && step.evaluations() > 1, step::toString);
                assertEquals(before, training.state().damping());
            }
            assertArrayEquals(bits(reached), bits(training.theta()));
        }
    }

    @Test
    void aLearningRateOfZeroMovesNothingAndIsNoRejection() {
        DenseProblem problem = problem(Loss.SOFTMAX);
        try (Training training = new Training(plain(), problem.vector(START))) {
            training.stepper().linearize(problem, training.theta(), training.state());
            Step step = training.stepper().take(0, training.state());
            assertEquals(Outcome.CONVERGED, step.outcome());
            assertEquals(0, step.rejectionsInARow());
        }
    }

    /** A step of less than the parameters' last digit. */
    @Test
    void aStepTooShortToChangeAParameterIsNotAccepted() {
        DenseProblem problem = problem(Loss.SOFTMAX);
        try (Training training = new Training(plain(), problem.vector(START))) {
            training.stepper().linearize(problem, training.theta(), training.state());
            Step step = training.stepper().take(1e-20, training.state());
            assertEquals(Outcome.CONVERGED, step.outcome());
            assertFalse(step.moves());
        }
    }

    /** Uphill wherever one goes, though the gradient says downhill: more damping does not help. */
    @ParameterizedTest
    @MethodSource("optimizers")
    void badLuckIsNotMistakenForAMinimum(GaussNewtonUpdater settings) {
        DenseProblem problem = problem(Loss.SOFTMAX);
        INDArray start = problem.vector(START);
        try (Training training = new Training(settings, start)) {
            for (int i = 1; i <= 20; i++) {
                Step step = training.step(peak(problem, start));
                assertEquals(Outcome.REJECTED, step.outcome(), step::toString);
                assertEquals(i, step.rejectionsInARow());
            }
        }
    }

    /** In float, damping that rises fast makes steps too short to move before twenty are rejected: it has to come down. */
    @ParameterizedTest
    @MethodSource("optimizers")
    void badLuckInFloatIsCountedTooAndLeavesNoStepTooShortForGood(GaussNewtonUpdater settings) {
        DenseProblem problem = problem(Loss.SOFTMAX).ofType(DataType.FLOAT);
        INDArray start = problem.vector(START);
        try (Training training = new Training(settings, start)) {
            for (int i = 0; i < 100; i++) {
                training.step(peak(problem, start));
            }
            Step last = training.step(peak(problem, start));
            assertTrue(last.rejectionsInARow() >= 20, last::toString);
            assertTrue(
                    training.history().stream().noneMatch(step -> step.outcome() == Outcome.ACCEPTED), last::toString);
            int idle = 0;
            while (training.step(problem).outcome() != Outcome.ACCEPTED) {
                idle++;
                assertTrue(idle < 100, "no step moves any more");
            }
        }
    }

    private static Problem peak(DenseProblem problem, INDArray top) {
        return ChangedProblem.value(problem, theta -> isElsewhere(theta, top), value -> value + 1);
    }

    private static boolean isElsewhere(INDArray theta, INDArray here) {
        return !java.util.Arrays.equals(bits(theta), bits(here));
    }

    // ---- a search of one's own ------------------------------------------------------------------------------------

    /** Tries two lengths and takes the better one; remembers both. */
    private record BestOfTwo() implements LineSearch {

        @Override
        public Decision search(Ray ray, double learningRate, List<Double> remembered) {
            double half = ray.value(learningRate / 2);
            double full = ray.value(learningRate);
            double step = half < full ? learningRate / 2 : learningRate;
            return Decision.of(step, half, full);
        }

        @Override
        public List<String> slots() {
            return List.of("half", "full");
        }
    }

    @Test
    void aSearchMayTakeALengthItTriedEarlier() {
        DenseProblem problem = problem(Loss.SOFTMAX);
        Sgn settings = Searching.sgn()
                .damping(Damping.constant(1e-3))
                .lineSearch(new BestOfTwo())
                .learningRate(4)
                .build();
        try (Training training = new Training(settings, problem.vector(START))) {
            Step step = training.step(problem);
            assertEquals(2, step.stepLength());
            assertClose(problem.loss(training.parameters()), step.lossAfter(), Tolerances.ROUNDING, "loss");
            assertEquals(2, training.state().search().size());
            assertClose(step.lossAfter(), training.state().search().get(0), Tolerances.ROUNDING, "remembered");
        }
    }

    @Test
    void aSearchRemembersItsLengthUntilAStepIsNotAccepted() {
        DenseProblem problem = problem(Loss.SOFTMAX);
        Egn settings = Searching.egn()
                .damping(Damping.constant(1e-3))
                .momentum(0)
                .learningRate(8)
                .lineSearch(LineSearch.armijo(0.9, 0.5, 1.5, 15, StepReset.CONSERVATIVE))
                .build();
        try (Training training = new Training(settings, problem.vector(START))) {
            Step first = training.step(problem);
            assertTrue(first.evaluations() > 1 && first.stepLength() < 8, first::toString);
            assertEquals(List.of(first.stepLength()), training.state().search());
            INDArray here = training.theta().dup();
            Problem peak = ChangedProblem.value(problem, theta -> isElsewhere(theta, here), value -> value + 1);
            assertEquals(Outcome.REJECTED, training.step(peak).outcome());
            assertEquals(List.of(0.0), training.state().search());
        }
    }
}
