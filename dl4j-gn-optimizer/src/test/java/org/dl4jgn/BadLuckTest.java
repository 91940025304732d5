package org.dl4jgn;

import static org.dl4jgn.testing.Failures.assertFails;
import static org.dl4jgn.testing.Small.bits;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.conf.Damping;
import org.dl4jgn.conf.GaussNewtonUpdater;
import org.dl4jgn.conf.LineSearch;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.optimize.StepOutcome.Outcome;
import org.dl4jgn.optimize.TrainingStoppedException;
import org.dl4jgn.testing.LabelledCurvature;
import org.dl4jgn.testing.Networks;
import org.dl4jgn.testing.Searching;
import org.dl4jgn.testing.Small;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Steps that go wrong: rejected exactly, answered by more damping, counted, and ended by an error in the end. */
class BadLuckTest {

    /** The first trial, far off, must be good at once. */
    private static Sgn.Builder hopeless() {
        return Searching.sgn().learningRate(1e6).lineSearch(LineSearch.armijo(1e-4, 0.5, 0));
    }

    private static StepReport report(MultiLayerNetwork net) {
        return GaussNewton.report(net).orElseThrow();
    }

    static Stream<Damping> rules() {
        return Stream.of(
                Damping.constant(0.01),
                Damping.constant(0),
                Damping.linear(0.1, 0.01, 10),
                Damping.cosine(0.1, 0.01, 10),
                Damping.trustRegion(1e-4),
                Damping.nielsen(1e-4));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void aRejectedStepRestoresTheParametersAndRaisesTheDamping(Damping rule) {
        MultiLayerNetwork net =
                Small.attached(hopeless().damping(rule).maxRejections(4).build());
        long[] before = bits(net);
        Damping.State state = rule.initial();
        for (int step = 0; step < 3; step++) {
            net.fit(Small.data(20));
            StepReport report = report(net);
            assertEquals(Outcome.REJECTED, report.outcome());
            assertArrayEquals(before, bits(net));
            assertEquals(rule.value(state, step), report.damping());
            assertEquals(step + 1, report.rejectionsInARow());
            assertEquals(1, report.lineSearchEvaluations());
            assertEquals(0, report.stepLength());
            assertEquals(report.lossBefore(), report.lossAfter());
            assertEquals(report.lossBefore(), net.score());
            state = rule.rejected(state);
        }
    }

    @Test
    void anInvalidStepRestoresTheParametersAndRaisesTheDampingMore() {
        Damping rule = Damping.trustRegion(1e-4);
        MultiLayerNetwork net = regression(
                DataType.FLOAT,
                Activation.IDENTITY,
                LossFunction.MSE,
                Searching.sgn()
                        .learningRate(1e30)
                        .lineSearch(LineSearch.none())
                        .momentum(0.5)
                        .warmStart(0.5)
                        .build());
        long[] before = bits(net);
        net.fit(Small.data(20));
        assertEquals(Outcome.INVALID, report(net).outcome());
        assertEquals(Double.NEGATIVE_INFINITY, report(net).reductionRatio());
        assertArrayEquals(before, bits(net));
        net.setLearningRate(1);
        net.fit(Small.data(20));
        assertEquals(rule.value(rule.invalid(rule.initial()), 1), report(net).damping());
        assertEquals(Outcome.ACCEPTED, report(net).outcome());
        assertEquals(0, report(net).rejectionsInARow());
        assertTrue(Small.isFinite(net.params()));
    }

    /** A saturated network has a finite loss wherever its parameters are. */
    @Test
    void aStepToParametersThatAreNotFiniteIsInvalidThoughItsLossIsFinite() {
        MultiLayerNetwork net = GaussNewton.attach(Small.network(
                Searching.sgn()
                        .learningRate(1e300)
                        .lineSearch(LineSearch.none())
                        .build(),
                conf -> conf.dataType(DataType.FLOAT),
                Small.layers()));
        net.getParam("1_W").assign(0);
        long[] before = bits(net);
        net.fit(Small.data(20));
        assertEquals(Outcome.INVALID, report(net).outcome());
        assertArrayEquals(before, bits(net));
    }

    /** Poisson's loss, o − y·log o, is not a number where a step makes o negative. */
    @Test
    void theLineSearchBacksOutOfWhereTheLossIsNotANumber() {
        MultiLayerNetwork net = regression(
                DataType.DOUBLE,
                Activation.IDENTITY,
                LossFunction.POISSON,
                Searching.sgn().learningRate(8).damping(Damping.constant(1)).build());
        net.getParam("1_b").assign(3.0);
        DataSet data = Small.data(20);
        long[] before = bits(net);
        net.fit(data);
        StepReport report = report(net);
        assertEquals(Double.NEGATIVE_INFINITY, report.reductionRatio());
        assertEquals(Outcome.ACCEPTED, report.outcome());
        assertTrue(report.lineSearchEvaluations() > 1, report::toString);
        assertTrue(report.lossAfter() < report.lossBefore(), report::toString);
        assertFalse(Arrays.equals(before, bits(net)));
    }

    @Test
    void afterTooManyRejectionsInARowTrainingStopsWithAdvice() {
        MultiLayerNetwork net = Small.attached(
                hopeless().momentum(0.9).warmStart(0.9).maxRejections(3).build());
        List<StepReport> reports = new ArrayList<>();
        GaussNewtonListener listener = (model, report) -> reports.add(report);
        net.addListeners(listener);
        net.setLearningRate(1e-3);
        net.fit(Small.data(20));
        assertEquals(Outcome.ACCEPTED, report(net).outcome());
        long[] accepted = bits(net);
        net.setLearningRate(1e6);
        assertFails(
                TrainingStoppedException.class,
                () -> net.fit(Small.iterator(), 10),
                "3 steps in a row were rejected",
                "last accepted step",
                "damping",
                "maxRejections");
        assertArrayEquals(accepted, bits(net));
        assertEquals(
                List.of(0, 1, 2, 3),
                reports.stream().map(StepReport::rejectionsInARow).toList());
        assertEquals(4, net.getIterationCount());
        assertTrue(Small.isFinite(net.updaterState()));

        net.setLearningRate(1e-3);
        net.fit(Small.data(20));
        assertEquals(Outcome.ACCEPTED, report(net).outcome());
        assertEquals(0, report(net).rejectionsInARow());
    }

    /** A loss whose curvature is its label. */
    @Test
    void withoutPositiveCurvatureAtAllThereIsNoStepButMoreDamping() {
        DataSet data = Small.data(20);
        data.getLabels().assign(-5);
        Damping rule = Damping.trustRegion(1e-4);
        MultiLayerNetwork net =
                labelled(Searching.sgn().damping(rule).maxRejections(3).build());
        long[] before = bits(net);
        net.fit(data);
        StepReport report = report(net);
        assertEquals(Outcome.REJECTED, report.outcome());
        assertEquals(0, report.solverIterations());
        assertEquals(0, report.lineSearchEvaluations());
        assertTrue(report.solverEnding().startsWith("NONPOSITIVE_CURVATURE"), report::toString);
        assertArrayEquals(before, bits(net));
        net.fit(data);
        assertEquals(rule.value(rule.rejected(rule.initial()), 1), report(net).damping());
        assertFails(TrainingStoppedException.class, () -> net.fit(data), "NONPOSITIVE_CURVATURE");
        assertArrayEquals(before, bits(net));
    }

    /** Enough damping outweighs the negative curvature, and the step goes downhill again. */
    @Test
    void moreDampingOutweighsNegativeCurvature() {
        DataSet data = Small.data(20);
        data.getLabels().assign(-5);
        MultiLayerNetwork net =
                labelled(Searching.sgn().damping(Damping.nielsen(1)).build());
        for (int step = 0; step < 20 && (step == 0 || report(net).outcome() != Outcome.ACCEPTED); step++) {
            net.fit(data);
        }
        assertEquals(Outcome.ACCEPTED, report(net).outcome());
        assertTrue(report(net).lossAfter() < report(net).lossBefore());
    }

    @Test
    void conjugateGradientsKeepTheLastGoodIterateWhenCurvatureTurnsNegative() {
        DataSet data = Small.data(20);
        data.getLabels().assign(1).putScalar(0, 0, -1);
        MultiLayerNetwork net =
                labelled(Searching.sgn().cgIterations(30).warmup(0, 1).build());
        net.fit(data);
        StepReport report = report(net);
        assertTrue(report.solverEnding().startsWith("NONPOSITIVE_CURVATURE"), report::toString);
        assertTrue(report.solverIterations() > 0, report::toString);
        assertEquals(Outcome.ACCEPTED, report.outcome());
        assertTrue(report.lossAfter() < report.lossBefore(), report::toString);
        assertTrue(Small.isFinite(net.params()));
    }

    /** Loss and gradient are finite in float32 here, but not the product of curvature and gradient. */
    @Test
    void aProductThatOverflowsIsReportedAndChangesNothing() {
        MultiLayerNetwork net = GaussNewton.attach(Small.network(
                Searching.sgn().maxRejections(2).build(),
                conf -> conf.dataType(DataType.FLOAT),
                Small.output(Small.INPUTS, Small.CLASSES, LossFunction.MSE, Activation.IDENTITY)));
        net.params().muli(1e-16);
        long[] before = bits(net);
        DataSet data = Small.data(20);
        data.getFeatures().muli(1e16);
        net.fit(data);
        assertTrue(
                report(net).solverEnding().startsWith("NON_FINITE"),
                () -> report(net).toString());
        assertTrue(report(net).outcome() != Outcome.ACCEPTED);
        assertArrayEquals(before, bits(net));
        assertFails(TrainingStoppedException.class, () -> net.fit(data), "scale of features");
        assertArrayEquals(before, bits(net));
    }

    /** Momentum's bias correction counts averaged gradients, so an invalid step must not put it out of step. */
    @Test
    void momentumAveragesTheGradientOfAnInvalidStepToo() {
        Sgn.Builder settings = Searching.sgn()
                .momentum(0.5)
                .warmup(0, 1)
                .cgIterations(20)
                .damping(Damping.constant(0.1))
                .lineSearch(LineSearch.none());
        DataSet data = Small.data(20);
        MultiLayerNetwork disturbed = regression(
                DataType.FLOAT,
                Activation.IDENTITY,
                LossFunction.MSE,
                settings.learningRate(1e30).build());
        MultiLayerNetwork undisturbed = regression(
                DataType.FLOAT,
                Activation.IDENTITY,
                LossFunction.MSE,
                settings.learningRate(1e-60).build());
        disturbed.fit(data);
        undisturbed.fit(data);
        assertEquals(Outcome.INVALID, report(disturbed).outcome());
        assertEquals(Outcome.CONVERGED, report(undisturbed).outcome(), "too short a step to move anything");
        assertArrayEquals(bits(undisturbed), bits(disturbed));
        int d = (int) disturbed.numParams();
        assertArrayEquals(
                Arrays.copyOfRange(
                        bits(undisturbed.updaterState()), GaussNewtonUpdater.HEADER, GaussNewtonUpdater.HEADER + d),
                Arrays.copyOfRange(
                        bits(disturbed.updaterState()), GaussNewtonUpdater.HEADER, GaussNewtonUpdater.HEADER + d));
    }

    /** Where the loss is as small as it can be, an average of earlier directions leads away: training idles. */
    @Test
    void atAPerfectFitMomentumLeadsNowhere() {
        MultiLayerNetwork net = GaussNewton.attach(Small.network(
                Searching.egn().momentum(0.9).maxRejections(2).build(),
                conf -> {},
                Small.layers()[0],
                Small.output(5, Small.CLASSES, LossFunction.MSE, Activation.IDENTITY)));
        DataSet data = Small.data(20);
        for (int step = 0; step < 10; step++) {
            net.fit(data);
        }
        DataSet fitted =
                new DataSet(data.getFeatures(), net.output(data.getFeatures()).addi(1e-9));
        for (int step = 0; step < 5; step++) {
            net.fit(fitted);
        }
        long[] reached = bits(net);
        for (int step = 0; step < 25; step++) {
            net.fit(fitted);
            assertEquals(Outcome.CONVERGED, report(net).outcome());
            assertEquals(0, report(net).rejectionsInARow());
        }
        assertTrue(report(net).lossAfter() < 1e-18, report(net)::toString);
        assertArrayEquals(reached, bits(net));
        assertEquals(40, net.getIterationCount());
    }

    private static MultiLayerNetwork labelled(Sgn sgn) {
        return GaussNewton.attach(Small.network(
                sgn,
                conf -> conf.dataType(DataType.DOUBLE),
                Small.layers()[0],
                Networks.output(5, Small.CLASSES, Activation.IDENTITY, new LabelledCurvature())));
    }

    private static MultiLayerNetwork regression(DataType type, Activation output, LossFunction loss, Sgn sgn) {
        return GaussNewton.attach(Small.network(
                sgn, conf -> conf.dataType(type), Small.layers()[0], Small.output(5, Small.CLASSES, loss, output)));
    }
}
