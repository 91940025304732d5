package org.dl4jgn.optimize;

import static org.dl4jgn.testing.Failures.assertFails;
import static org.dl4jgn.testing.Small.bits;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.dl4jgn.conf.Damping;
import org.dl4jgn.conf.GaussNewtonUpdater;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.linalg.Span;
import org.dl4jgn.testing.DenseProblem;
import org.dl4jgn.testing.DenseProblem.Loss;
import org.dl4jgn.testing.Searching;
import org.dl4jgn.testing.Training;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What training remembers, in an array of whatever type: kept to the bit, and refused where it is somebody else's. */
class TrainingStateTest {

    private static final int D = 5;

    private static final double[] START = {0.3, -0.2, 0.5, 0.1, -0.4};

    /** A rule with more numbers than the usual three: the last ratios, of which it takes the mean. */
    private record MovingMean(int length) implements Damping {

        @Override
        public List<String> slots() {
            return IntStream.range(0, length + 1)
                    .mapToObj(i -> i == 0 ? "damping" : "ratio " + i)
                    .toList();
        }

        @Override
        public State initial() {
            return new State(0.1);
        }

        @Override
        public double value(State state, long step) {
            return state.value();
        }

        @Override
        public State accepted(State state, double ratio) {
            double[] next = new double[length + 1];
            double mean = 0;
            for (int i = 1; i <= length; i++) {
                next[i] = i == 1 ? Math.max(-9, ratio) : state.get(i - 1);
                mean += next[i] / length;
            }
            next[0] = state.value() * (mean > 0.5 ? 0.9 : 1.1);
            return new State(java.util.Arrays.stream(next).boxed().toList());
        }

        @Override
        public State rejected(State state) {
            return new State(2 * state.value());
        }

        @Override
        public State invalid(State state) {
            return rejected(state);
        }
    }

    static Stream<GaussNewtonUpdater> settings() {
        return Stream.of(
                Searching.sgn().build(),
                Searching.sgn()
                        .momentum(0.9)
                        .warmStart(0.9)
                        .adaptiveIterations(2, 9)
                        .build(),
                Searching.sgn().damping(new MovingMean(7)).build(),
                Searching.egn().build(),
                Searching.egn().damping(new MovingMean(2)).momentum(0).build());
    }

    /** Interrupted after every step, in a new array and a new step loop each time. */
    @ParameterizedTest
    @MethodSource("settings")
    void aTrainingGoesOnToTheBit(GaussNewtonUpdater settings) {
        for (DataType type : List.of(DataType.FLOAT, DataType.DOUBLE)) {
            DenseProblem problem =
                    DenseProblem.random(Loss.SOFTMAX, 6, 3, D, 17).ofType(type);
            DenseProblem other = DenseProblem.random(Loss.SOFTMAX, 6, 3, D, 18).ofType(type);
            INDArray theta = problem.vector(START);
            INDArray array = Training.newState(settings, theta);
            try (Training uninterrupted = new Training(settings, theta)) {
                for (int i = 0; i < 12; i++) {
                    uninterrupted.step(i % 2 == 0 ? problem : other);
                    try (Training resumed = new Training(settings, theta, array.dup())) {
                        resumed.step(i % 2 == 0 ? problem : other);
                        theta = resumed.theta().dup();
                        array = resumed.array();
                    }
                    assertArrayEquals(bits(uninterrupted.theta()), bits(theta), "θ after step " + i);
                    assertArrayEquals(bits(uninterrupted.array()), bits(array), "state after step " + i);
                }
            }
        }
    }

    @Test
    void anyNumberIsKeptToTheBitInAnArrayOfFloat() {
        Sgn settings = Searching.sgn().damping(new MovingMean(9)).build();
        double[] numbers = {
            Math.PI,
            -0.0,
            Double.MIN_VALUE,
            Double.MAX_VALUE,
            Double.NaN,
            Double.NEGATIVE_INFINITY,
            1L << 52,
            -1e-300,
            1,
            7
        };
        for (DataType type : List.of(DataType.FLOAT, DataType.DOUBLE)) {
            INDArray array = Nd4j.zeros(type, settings.stateSize(D));
            try (TrainingState written = state(array, settings);
                    TrainingState read = state(array, settings)) {
                written.load(settings.damping());
                written.setDamping(new Damping.State(
                        java.util.Arrays.stream(numbers).boxed().toList()));
                written.save();
                read.load(settings.damping());
                for (int i = 0; i < numbers.length; i++) {
                    assertEquals(
                            Double.doubleToLongBits(numbers[i]),
                            Double.doubleToLongBits(read.damping().get(i)));
                }
            }
        }
    }

    private static TrainingState state(INDArray array, GaussNewtonUpdater settings) {
        return new TrainingState(array, settings.stateLayout(), List.of(new Span(0, D)), D);
    }

    @Test
    void aNewArrayIsTheInitialState() {
        Sgn settings = Searching.sgn().damping(Damping.nielsen(0.3)).build();
        try (TrainingState state = state(Nd4j.zeros(DataType.FLOAT, settings.stateSize(D)), settings)) {
            state.load(settings.damping());
            assertEquals(settings.damping().initial(), state.damping());
            assertEquals(0, state.steps());
        }
    }

    @Test
    void aStateOfAnotherFormatIsRefusedInWords() {
        Sgn settings = Searching.sgn().build();
        INDArray array = Nd4j.zeros(DataType.FLOAT, settings.stateSize(D));
        array.putScalar(3, 2); // what earlier versions wrote
        try (TrainingState state = state(array, settings)) {
            assertFails(
                    IllegalStateException.class,
                    () -> state.load(settings.damping()),
                    "its format is 2, expected 3",
                    "without its updater state");
        }
    }

    @Test
    void aStateOfOtherComponentsIsRefusedInWords() {
        Sgn nielsen = Searching.sgn().damping(Damping.nielsen(0.3)).build();
        Sgn trustRegion = Searching.sgn().damping(Damping.trustRegion(0.3)).build();
        DenseProblem problem = DenseProblem.random(Loss.SOFTMAX, 6, 3, D, 17);
        try (Training training = new Training(nielsen, problem.vector(START))) {
            training.step(problem);
            String message = assertFails(
                    IllegalStateException.class,
                    () -> new Training(trustRegion, problem.vector(START), training.array()),
                    "one of other settings",
                    "Found: ",
                    "NielsenDamping (damping, growth)",
                    "Expected: ",
                    "RatioDamping (damping, rejected before)",
                    "Restore the model with the settings it was saved with");
            assertTrue(message.indexOf("NielsenDamping") < message.indexOf("Expected"), message);
        }
    }

    @Test
    void otherValuesOfTheSameRuleGoOn() {
        DenseProblem problem = DenseProblem.random(Loss.SOFTMAX, 6, 3, D, 17);
        Sgn one = Searching.sgn().damping(Damping.trustRegion(0.3)).build();
        Sgn two = Searching.sgn().damping(Damping.trustRegion(0.7)).build();
        try (Training before = new Training(one, problem.vector(START))) {
            before.step(problem);
            try (Training after = new Training(two, problem.vector(START), before.array())) {
                assertFalse(after.state().damping().value() == 0.7);
                assertEquals(1, after.state().steps());
            }
        }
    }

    @Test
    void anArrayThatIsTooShortIsRefusedInWords() {
        Sgn with = Searching.sgn().momentum(0.5).build();
        INDArray array = Nd4j.zeros(DataType.FLOAT, with.stateSize(D) - 1);
        assertFails(IllegalStateException.class, () -> state(array, with), "has 516 elements", "at least 517");
    }

    @Test
    void moreNumbersThanThereIsRoomForAreRefusedWhenTheNetworkIsMade() {
        Sgn settings = Searching.sgn().damping(new MovingMean(64)).build();
        assertFails(IllegalArgumentException.class, () -> settings.stateSize(D), "must have at most 64");
    }

    @Test
    void aRuleThatRemembersMoreThanItDeclaredIsNamed() {
        Sgn settings = Searching.sgn().damping(Damping.trustRegion(1)).build();
        try (TrainingState state = state(Nd4j.zeros(DataType.FLOAT, settings.stateSize(D)), settings)) {
            assertFails(
                    IllegalStateException.class,
                    () -> state.setDamping(new Damping.State(1, 2, 3)),
                    "RatioDamping",
                    "3 numbers",
                    "declared 2");
            assertFails(
                    IllegalArgumentException.class, () -> state.direction().number("speed"), "\"speed\"", "declare it");
            assertFails(IllegalArgumentException.class, () -> state.direction().vector("momentum"), "declare it");
        }
    }

    /** DL4J has no room for parameters that are not trained: their part of a vector is zero. */
    @Test
    void vectorsOfPartlyTrainedParametersArePutTogether() {
        Sgn settings = Searching.sgn().momentum(0.5).build();
        List<Span> trained = List.of(new Span(0, 2), new Span(3, 2));
        INDArray array = Nd4j.zeros(DataType.DOUBLE, settings.stateSize(4));
        try (TrainingState state = new TrainingState(array, settings.stateLayout(), trained, D)) {
            state.load(settings.damping());
            INDArray m = state.direction().vector("momentum");
            m.assign(Nd4j.createFromArray(1.0, 2, 0, 4, 5));
            state.save();
            m.assign(-1);
            state.load(settings.damping());
            assertArrayEquals(new double[] {1, 2, -1, 4, 5}, m.toDoubleVector());
        }
    }
}
