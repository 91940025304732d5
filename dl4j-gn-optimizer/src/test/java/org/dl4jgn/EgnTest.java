package org.dl4jgn;

import static org.dl4jgn.testing.Tolerances.DOUBLE;
import static org.dl4jgn.testing.Tolerances.ROUNDING;
import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.dl4jgn.conf.Backtracking;
import org.dl4jgn.conf.Damping;
import org.dl4jgn.conf.Egn;
import org.dl4jgn.conf.LineSearch;
import org.dl4jgn.conf.StepReset;
import org.dl4jgn.conf.ValidatedDamping;
import org.dl4jgn.testing.Networks;
import org.dl4jgn.testing.Searching;
import org.dl4jgn.testing.Small;
import org.dl4jgn.testing.Tolerances;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** What EGN does with its settings, step by step. */
class EgnTest {

    private static Egn.Builder plain() {
        return Searching.egn().damping(Damping.constant(0.1)).lineSearch(LineSearch.none());
    }

    /** −(H + λI)⁻¹g of a network at its parameters, as one plain step takes it. */
    private static INDArray direction(MultiLayerNetwork net, DataSet batch) {
        MultiLayerNetwork probe = Small.attached(plain().build());
        probe.setParams(net.params().dup());
        probe.fit(batch);
        return probe.params().sub(net.params());
    }

    // ---- damping by the next mini-batch -----------------------------------------------------------------------------

    @Test
    void aStepIsValidatedOnTheNextMiniBatch() {
        double lambda = 0.3;
        MultiLayerNetwork net = Small.attached(Searching.egn()
                .damping(Damping.validated(lambda))
                .lineSearch(LineSearch.none())
                .build());
        List<DataSet> batches = Small.batches();
        double before = net.score(batches.get(1), true);
        net.fit(batches.get(0));
        StepReport first = report(net);
        assertTrue(Double.isNaN(first.validationRatio()), "nothing to validate yet");
        assertEquals(lambda, first.damping());
        double reduction = before - net.score(batches.get(1), true);
        net.fit(batches.get(1));
        double ratio = reduction / first.predictedReduction();
        assertClose(ratio, report(net).validationRatio(), ROUNDING, "ratio");
        assertClose(
                ratio < 0.1 ? 1.1 * lambda : ratio > 0.4 ? 0.9 * lambda : lambda,
                report(net).damping(),
                ROUNDING,
                "λ at ratio " + ratio);
    }

    @Test
    void validationLeavesTheStepItselfAlone() {
        Egn.Builder settings = Searching.egn().lineSearch(LineSearch.none());
        Damping sleeping = new ValidatedDamping(0.3, 0.3, 0.3, -1e9, 1e9, 1.1, 0.9, 0.9);
        MultiLayerNetwork validated = Small.attached(settings.damping(sleeping).build());
        MultiLayerNetwork constant =
                Small.attached(settings.damping(Damping.constant(0.3)).build());
        validated.fit(Small.iterator(), 2);
        constant.fit(Small.iterator(), 2);
        assertTrue(Double.isFinite(report(validated).validationRatio()));
        assertTrue(Double.isNaN(report(constant).validationRatio()));
        assertEquals(constant.params(), validated.params());
    }

    /** Steps that fit noise do nothing for the next mini-batch; steps on the same batch do what they promise. */
    @Test
    void noiseRaisesTheDampingAndAgreementLowersIt() {
        Egn settings = Searching.egn().damping(Damping.validated(0.05)).build();
        MultiLayerNetwork same = Small.attached(settings);
        MultiLayerNetwork noisy = Small.attached(settings);
        DataSet batch = Small.data(20);
        for (int step = 0; step < 20; step++) {
            same.fit(batch);
            Nd4j.getRandom().setSeed(step);
            INDArray labels = Nd4j.zeros(DataType.DOUBLE, 20, Small.CLASSES);
            INDArray draws = Nd4j.rand(DataType.DOUBLE, 20, 1).muli(Small.CLASSES);
            for (int i = 0; i < 20; i++) {
                labels.putScalar(i, draws.getInt(i), 1.0);
            }
            noisy.fit(new DataSet(batch.getFeatures(), labels));
        }
        assertTrue(
                report(same).damping() < 0.05,
                () -> "same batch: λ = " + report(same).damping());
        assertTrue(
                report(noisy).damping() > 0.05,
                () -> "noise: λ = " + report(noisy).damping());
    }

    // ---- the choice of a system -------------------------------------------------------------------------------------

    @Test
    void everySystemTakesTheSameSteps() {
        // 10 or 30 examples with 3 outputs, of which softmax leaves 2 free; 43 parameters
        MultiLayerNetwork gram = Small.attached(plain().build());
        MultiLayerNetwork parameters = Small.attached(plain().gramLimit(43).build());
        MultiLayerNetwork iterated =
                Small.attached(plain().gramLimit(10).cgTolerance(1e-12).build());
        DataSet few = Small.data(10);
        DataSet many = Small.data(30);
        gram.fit(few);
        parameters.fit(many);
        assertEquals("GRAM_CHOLESKY", report(gram).solver());
        assertEquals(20, report(gram).systemSize());
        assertEquals(0, report(gram).solverIterations());
        assertEquals("PARAMETER_CHOLESKY", report(parameters).solver());
        assertEquals(43, report(parameters).systemSize());
        iterated.fit(few);
        assertEquals("CONJUGATE_GRADIENTS", report(iterated).solver());
        assertTrue(
                report(iterated).solverIterations() > 5, () -> report(iterated).toString());
        assertClose(gram.params(), iterated.params(), DOUBLE, "parameters");
    }

    @Test
    void tooLittleMemoryForAMatrixMeansConjugateGradients() {
        MultiLayerNetwork net = Small.attached(plain().memoryLimit(1000).build());
        net.fit(Small.data(10));
        assertEquals("CONJUGATE_GRADIENTS", report(net).solver());
        assertEquals(StepReport.Outcome.ACCEPTED, report(net).outcome());
    }

    /** Two examples, four times each, with features of 1e5: eigenvalues of K are 1e23 and 0, to within 1e7. */
    @Test
    void pivotsThatAreNotPositiveRaiseTheDamping() {
        Egn egn = Searching.egn().damping(Damping.adaptive(1e-12)).momentum(0).build();
        MultiLayerNetwork net = GaussNewton.attach(
                Small.network(egn, conf -> {}, Small.output(12, 1, LossFunction.MSE, Activation.IDENTITY)));
        INDArray two = Networks.normal(3, 1e5, 2, 12);
        DataSet data = new DataSet(Nd4j.vstack(two, two, two, two), Nd4j.ones(DataType.DOUBLE, 8, 1));
        net.fit(data);
        StepReport report = report(net);
        assertEquals("GRAM_CHOLESKY", report.solver());
        assertTrue(report.dampingRaises() > 0, report::toString);
        assertEquals(1e-12 * Math.pow(10, report.dampingRaises()), report.damping(), 1e-3 * report.damping());
        assertTrue(report.solverEnding().contains("raises of the damping"), report::toString);
        assertEquals(StepReport.Outcome.ACCEPTED, report.outcome());
        assertTrue(Small.isFinite(net.params()));
        net.fit(data);
        assertEquals(0, report(net).dampingRaises(), "the next step starts from the raised damping");
    }

    // ---- the type of the factorization ------------------------------------------------------------------------------

    /** 200 examples with 3 outputs against 43 parameters: the factorization is the work, so it is done in float32. */
    private static MultiLayerNetwork wide(DataType type, double lambda) {
        return wide(type, Damping.constant(lambda));
    }

    private static MultiLayerNetwork wide(DataType type, Damping damping) {
        Egn egn = Searching.egn().damping(damping).lineSearch(LineSearch.none()).build();
        return GaussNewton.attach(Small.network(
                egn, conf -> conf.dataType(type), Small.output(12, 3, LossFunction.MCXENT, Activation.SOFTMAX)));
    }

    private static DataSet wideData(DataType type) {
        INDArray x = Networks.normal(3, 1.0, 60, 12).castTo(type);
        return new DataSet(x, Networks.oneHot(Networks.classes(4, 60, 3), 3).castTo(type));
    }

    @Test
    void float32FactorizationGivesTheDirectionOfFloat64() {
        MultiLayerNetwork single = wide(DataType.FLOAT, 0.1);
        MultiLayerNetwork twice = wide(DataType.DOUBLE, 0.1);
        twice.setParams(single.params().castTo(DataType.DOUBLE));
        INDArray before = twice.params().dup();
        single.fit(wideData(DataType.FLOAT));
        twice.fit(wideData(DataType.DOUBLE));
        assertTrue(
                report(single).solverEnding().contains("float32"),
                () -> report(single).toString());
        assertTrue(
                report(twice).solverEnding().contains("float64"),
                () -> report(twice).toString());
        assertTrue(report(single).solverResidual() <= 1e-5 * report(single).gradientNorm());
        INDArray step = single.params().castTo(DataType.DOUBLE).sub(before);
        assertClose(twice.params().sub(before), step, Tolerances.FLOAT, "step");
    }

    @Test
    void muchDampingNeedsNoFactorization() {
        MultiLayerNetwork single = wide(DataType.FLOAT, 10);
        MultiLayerNetwork twice = wide(DataType.DOUBLE, 10);
        twice.setParams(single.params().castTo(DataType.DOUBLE));
        INDArray before = twice.params().dup();
        single.fit(wideData(DataType.FLOAT));
        twice.fit(wideData(DataType.DOUBLE));
        assertEquals("CONJUGATE_GRADIENTS", report(single).solver());
        assertEquals("PARAMETER_CHOLESKY", report(twice).solver());
        INDArray step = single.params().castTo(DataType.DOUBLE).sub(before);
        assertClose(twice.params().sub(before), step, Tolerances.FLOAT, "step");
    }

    /** As little damping as iterations get nowhere with, for two steps, then much. */
    record Rising() implements Damping {

        @Override
        public State initial() {
            return new State(0.1);
        }

        @Override
        public double value(State state, long step) {
            return step < 2 ? state.value() : 100 * state.value();
        }

        @Override
        public State accepted(State state, double ratio) {
            return state;
        }

        @Override
        public State rejected(State state) {
            return state;
        }

        @Override
        public State invalid(State state) {
            return state;
        }
    }

    @Test
    void iterationsThatFailTwiceAreTriedEveryFiftiethStepOnly() {
        MultiLayerNetwork net = wide(DataType.FLOAT, new Rising());
        DataSet data = wideData(DataType.FLOAT);
        List<Integer> iterated = new ArrayList<>();
        for (int step = 0; step < 53; step++) {
            net.fit(data);
            if (report(net).solver().equals("CONJUGATE_GRADIENTS")) {
                iterated.add(step);
            }
        }
        assertEquals(List.of(50, 51, 52), iterated);
    }

    @Test
    void whereFloat32IsTooShortFloat64IsUsedAndRemembered(@TempDir Path directory) throws Exception {
        MultiLayerNetwork net = wide(DataType.FLOAT, 1e-10);
        DataSet data = wideData(DataType.FLOAT);
        net.fit(data);
        assertTrue(
                report(net).solverEnding().contains("float64"),
                () -> report(net).toString());
        File file = directory.resolve("net.zip").toFile();
        ModelSerializer.writeModel(net, file, true);
        MultiLayerNetwork restored = GaussNewton.attach(ModelSerializer.restoreMultiLayerNetwork(file, true));
        net.fit(data);
        restored.fit(data);
        assertTrue(
                report(restored).solverEnding().contains("float64"),
                () -> report(restored).toString());
        assertArrayEquals(Small.bits(net), Small.bits(restored));
    }

    // ---- momentum ---------------------------------------------------------------------------------------------------

    @Test
    void momentumAveragesDirectionsWithBiasCorrection() {
        double beta = 0.6;
        MultiLayerNetwork net = Small.attached(plain().momentum(beta).build());
        List<DataSet> batches = Small.batches();
        INDArray average = net.params().like();
        for (int t = 1; t <= 3; t++) {
            INDArray before = net.params().dup();
            average.muli(beta).addi(direction(net, batches.get(t - 1)).mul(1 - beta));
            net.fit(batches.get(t - 1));
            INDArray expected = average.div(1 - Math.pow(beta, t));
            assertClose(expected, net.params().sub(before), ROUNDING * 100, "step " + t);
        }
    }

    /** The model that the ratio compares with is that of the step taken, not that of the exact direction. */
    @Test
    void predictedReductionIsThatOfTheAveragedDirection() {
        MultiLayerNetwork net = Small.attached(plain().momentum(0.6).build());
        List<DataSet> batches = Small.batches();
        net.fit(batches.get(0));
        INDArray before = net.params().dup();
        double predicted;
        try (var at = GaussNewton.linearize(net)) {
            at.at(batches.get(1).getFeatures(), batches.get(1).getLabels());
            net.fit(batches.get(1));
            INDArray step = net.params().sub(before).reshape(net.numParams());
            double slope = at.gradient().mul(step).sumNumber().doubleValue();
            double curvature = at.ggnVectorProduct(step).mul(step).sumNumber().doubleValue()
                    + 0.1 * step.mul(step).sumNumber().doubleValue();
            predicted = -slope - curvature / 2;
        }
        assertClose(predicted, report(net).predictedReduction(), DOUBLE, "predicted reduction");
    }

    // ---- line search ------------------------------------------------------------------------------------------------

    /** The first trial's length, from the lengths that were accepted before: seen where no trial was shortened. */
    @ParameterizedTest
    @EnumSource(StepReset.class)
    void searchStartsWhereTheRuleSays(StepReset reset) {
        LineSearch rule = new Backtracking(0.1, 0.8, 14, reset, 1.5);
        MultiLayerNetwork net = Small.attached(Searching.egn()
                .damping(Damping.constant(1e-3))
                .momentum(0)
                .lineSearch(rule)
                .build());
        DataSet data = Small.data(20);
        double accepted = 1;
        boolean shortened = false;
        for (int i = 0; i < 15; i++) {
            net.fit(data);
            StepReport report = report(net);
            double first = report.stepLength() / Math.pow(0.8, report.lineSearchEvaluations() - 1);
            double grown = Math.min(1, 1.5 * accepted);
            switch (reset) {
                case LEARNING_RATE -> assertEquals(1, first, 1e-12);
                case CONSERVATIVE -> assertEquals(accepted, first, 1e-12);
                case INCREASE -> assertEquals(grown, first, 1e-12);
                case GOLDSTEIN ->
                    assertTrue(
                            Math.abs(first - accepted) < 1e-12 || Math.abs(first - grown) < 1e-12,
                            () -> first + " after a step of other length");
            }
            accepted = report.stepLength();
            shortened |= report.lineSearchEvaluations() > 1;
        }
        assertTrue(shortened, "some step was shortened, or this test shows nothing");
    }

    @Test
    void learningRateBoundsEveryTrial() {
        MultiLayerNetwork net =
                Small.attached(Searching.egn().learningRate(0.25).build());
        for (int i = 0; i < 5; i++) {
            net.fit(Small.data(20));
            assertTrue(report(net).stepLength() <= 0.25, () -> report(net).toString());
        }
    }

    // ---- state ------------------------------------------------------------------------------------------------------

    @Test
    void savedNetworkGoesOnBitForBit(@TempDir Path directory) throws Exception {
        Egn egn = Searching.egn().momentum(0.5).build();
        MultiLayerNetwork straight = Small.attached(egn);
        MultiLayerNetwork saved = Small.attached(egn);
        straight.fit(Small.iterator(), 4);
        saved.fit(Small.iterator(), 2);
        Path file = directory.resolve("net.zip");
        ModelSerializer.writeModel(saved, file.toFile(), true);
        MultiLayerNetwork restored = GaussNewton.attach(ModelSerializer.restoreMultiLayerNetwork(file.toFile(), true));
        restored.fit(Small.iterator(), 2);
        assertArrayEquals(Small.bits(straight), Small.bits(restored));
    }

    @Test
    void batchesOfChangingSizeAreExactToo() {
        MultiLayerNetwork net = Small.attached(plain().build());
        for (int size : new int[] {7, 1, 12, 7, 3, 30, 2, 9, 7}) {
            DataSet batch = Small.data(size);
            INDArray before = net.params().dup();
            INDArray expected = direction(net, batch);
            net.fit(batch);
            assertClose(expected, net.params().sub(before), ROUNDING * 100, "batch of " + size);
        }
    }

    @Test
    void defaultsTrainASmallProblem() {
        MultiLayerNetwork net = Small.attached(Searching.egn().build());
        List<Double> losses = new ArrayList<>();
        DataSet data = Small.data(50);
        for (int i = 0; i < 60; i++) {
            net.fit(data);
            losses.add(report(net).lossBefore());
        }
        assertTrue(losses.get(59) < 0.2 * losses.get(0), losses::toString);
    }

    private static StepReport report(MultiLayerNetwork net) {
        return GaussNewton.report(net).orElseThrow();
    }
}
