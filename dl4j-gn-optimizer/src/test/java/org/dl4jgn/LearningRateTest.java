package org.dl4jgn;

import static org.dl4jgn.testing.Failures.assertFails;
import static org.dl4jgn.testing.Small.bits;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.conf.Damping;
import org.dl4jgn.conf.LineSearch;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.testing.Searching;
import org.dl4jgn.testing.Small;
import org.dl4jgn.testing.Tolerances;
import org.dl4jgn.translate.UnsupportedNetworkException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.schedule.CycleSchedule;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.FixedSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.InverseSchedule;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.PolySchedule;
import org.nd4j.linalg.schedule.RampSchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.linalg.schedule.SigmoidSchedule;
import org.nd4j.linalg.schedule.StepSchedule;

/** The learning rate is the length of the step, by whatever DL4J sets it. */
class LearningRateTest {

    private static final Sgn.Builder FIXED =
            Searching.sgn().damping(Damping.constant(0.1)).lineSearch(LineSearch.none());

    private static final Sgn EVERYTHING = Searching.sgn()
            .momentum(0.9)
            .warmStart(0.9)
            .warmup(1, 5)
            .adaptiveIterations(2, 20)
            .build();

    static Stream<ISchedule> schedules() {
        return Stream.of(ScheduleType.values())
                .flatMap(type -> Stream.of(
                        new FixedSchedule(0.3),
                        new StepSchedule(type, 0.8, 0.5, 2),
                        new ExponentialSchedule(type, 0.8, 0.9),
                        new InverseSchedule(type, 0.8, 0.5, 2),
                        new PolySchedule(type, 0.8, 2, 20),
                        new SigmoidSchedule(type, 0.8, 0.5, 3),
                        new CycleSchedule(type, 0.8, 5),
                        new RampSchedule(new FixedSchedule(0.8), 4),
                        new MapSchedule(type, Map.of(0, 0.8, 1, 0.4, 4, 0.2))));
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void everyScheduleOfDl4jSetsTheStepLength(ISchedule schedule) {
        MultiLayerNetwork net = Small.attached(FIXED.learningRate(schedule).build());
        List<Double> lengths = new ArrayList<>();
        List<Double> expected = new ArrayList<>();
        GaussNewtonListener listener = (model, report) -> {
            lengths.add(report.stepLength());
            expected.add(schedule.valueAt(report.iteration(), report.epoch()));
        };
        net.addListeners(listener);
        net.fit(Small.iterator(), 3);
        assertEquals(9, lengths.size());
        assertEquals(expected, lengths);
    }

    @Test
    void halfTheRateIsHalfTheStep() {
        DataSet data = Small.data(20);
        INDArray full = step(Small.attached(FIXED.learningRate(1).build()), data);
        INDArray half = step(Small.attached(FIXED.learningRate(0.5).build()), data);
        Tolerances.assertClose(full.mul(0.5), half, Tolerances.ROUNDING, "step");
    }

    private static INDArray step(MultiLayerNetwork net, DataSet data) {
        INDArray before = net.params().dup();
        net.fit(data);
        return net.params().sub(before);
    }

    @Test
    void setLearningRateTakesEffectAtTheNextStep() {
        DataSet data = Small.data(20);
        MultiLayerNetwork net = Small.attached(FIXED.learningRate(1).build());
        net.fit(data);
        net.setLearningRate(0.25);
        assertEquals(0.25, net.getLearningRate(0));
        net.fit(data);
        assertEquals(0.25, report(net).stepLength());
        net.setLearningRate(new StepSchedule(ScheduleType.ITERATION, 0.5, 0.1, 3));
        net.fit(data);
        assertEquals(0.5, report(net).stepLength());
        net.fit(data);
        assertEquals(0.05, report(net).stepLength(), 1e-15);
    }

    private static StepReport report(MultiLayerNetwork net) {
        return GaussNewton.report(net).orElseThrow();
    }

    /** DL4J rebuilds the updater when the rate changes; momentum, damping and counters live in its state. */
    @Test
    void settingTheRateKeepsTheState() {
        MultiLayerNetwork undisturbed = Small.attached(EVERYTHING);
        MultiLayerNetwork disturbed = Small.attached(EVERYTHING);
        undisturbed.fit(Small.iterator(), 2);
        disturbed.fit(Small.iterator(), 2);
        disturbed.setLearningRate(0.25);
        disturbed.setLearningRate(1.0);
        assertEquals(undisturbed.updaterState(), disturbed.updaterState());
        undisturbed.fit(Small.iterator(), 2);
        disturbed.fit(Small.iterator(), 2);
        assertArrayEquals(bits(undisturbed), bits(disturbed));
    }

    @Test
    void aRateForOneLayerIsRefusedAndTheStateKept() {
        for (Sgn sgn : List.of(Searching.sgn().build(), EVERYTHING)) {
            MultiLayerNetwork undisturbed = Small.attached(sgn);
            MultiLayerNetwork net = Small.attached(sgn);
            undisturbed.fit(Small.iterator());
            net.fit(Small.iterator());
            long[] before = bits(net);
            assertFails(
                    UnsupportedNetworkException.class,
                    () -> net.setLearningRate(0, 0.5),
                    "Layer 1 (OutputLayer)",
                    "learningRate=0.5",
                    "setLearningRate(net, rate)");
            assertThrows(UnsupportedNetworkException.class, () -> net.fit(Small.data(10)));
            assertArrayEquals(before, bits(net));
            net.setLearningRate(1.0);
            undisturbed.fit(Small.iterator());
            net.fit(Small.iterator());
            assertArrayEquals(bits(undisturbed), bits(net));
        }
    }

    @Test
    void aRateOfZeroMovesNothing() {
        MultiLayerNetwork net =
                Small.attached(FIXED.learningRate(new MapSchedule(ScheduleType.ITERATION, Map.of(0, 1.0, 1, 0.0)))
                        .build());
        net.fit(Small.data(20));
        long[] before = bits(net);
        net.fit(Small.data(20));
        assertArrayEquals(before, bits(net));
        assertEquals(2, net.getIterationCount());
    }

    @Test
    void anImpossibleRateOfAScheduleIsAnErrorThatNamesIt() {
        for (double rate : new double[] {-0.5, Double.NaN, Double.POSITIVE_INFINITY}) {
            MultiLayerNetwork net =
                    Small.attached(FIXED.learningRate(new MapSchedule(ScheduleType.ITERATION, Map.of(0, 1.0, 1, rate)))
                            .build());
            net.fit(Small.data(20));
            long[] before = bits(net);
            assertFails(
                    IllegalStateException.class,
                    () -> net.fit(Small.data(20)),
                    "learning rate at iteration 1, epoch 0 is " + rate,
                    "MapSchedule");
            assertArrayEquals(before, bits(net));
        }
    }

    @Test
    void anImpossibleFixedRateIsRefusedWhenSet() {
        MultiLayerNetwork net = Small.attached(FIXED.learningRate(1).build());
        for (double rate : new double[] {-0.5, 0, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertFails(
                    IllegalArgumentException.class, () -> net.setLearningRate(rate), "learningRate is " + rate, "> 0");
        }
        net.fit(Small.data(20));
        assertEquals(1.0, report(net).stepLength());
    }

    @Test
    void theLineSearchStartsFromTheRate() {
        MultiLayerNetwork net =
                Small.attached(Searching.sgn().learningRate(0.125).build());
        net.fit(Small.data(20));
        StepReport report = report(net);
        assertEquals(0.125 * Math.pow(0.5, report.lineSearchEvaluations() - 1), report.stepLength());
    }
}
