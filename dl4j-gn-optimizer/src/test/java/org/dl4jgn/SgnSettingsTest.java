package org.dl4jgn;

import static org.dl4jgn.testing.DenseModel.dot;
import static org.dl4jgn.testing.DenseModel.ones;
import static org.dl4jgn.testing.DenseModel.plus;
import static org.dl4jgn.testing.DenseModel.times;
import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.conf.Damping;
import org.dl4jgn.conf.LineSearch;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.testing.DenseModel;
import org.dl4jgn.testing.Searching;
import org.dl4jgn.testing.Small;
import org.dl4jgn.testing.Tolerances;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Every setting of Sgn does what its documentation says, checked with dense algebra. */
class SgnSettingsTest {

    private static final double RHO = 0.1;

    private static final DataSet DATA = Small.data(20);

    /** k iterations of plain conjugate gradients and the full step, so that θ moves by exactly Δ. */
    private static Sgn.Builder exactly(int k) {
        return Searching.sgn()
                .cgIterations(k)
                .warmup(0, 1)
                .residualTolerance(0)
                .damping(Damping.constant(RHO))
                .lineSearch(LineSearch.none());
    }

    private static double[] step(MultiLayerNetwork net) {
        double[] before = net.params().toDoubleVector();
        net.fit(DATA);
        return plus(net.params().toDoubleVector(), -1, before);
    }

    private static StepReport report(MultiLayerNetwork net) {
        return GaussNewton.report(net).orElseThrow();
    }

    private static void assertStep(double[] expected, double[] actual) {
        assertClose(Nd4j.createFromArray(expected), Nd4j.createFromArray(actual), Tolerances.DOUBLE, "Δ");
    }

    @Test
    void aStepIsTheCgIterateAndTheReportSaysSo() {
        MultiLayerNetwork net = Small.attached(exactly(3).build());
        DenseModel model = DenseModel.of(net, DATA);
        double[] g = model.g();
        double[] delta = model.conjugateGradients(g, RHO, new double[g.length], ones(g.length), 3);
        assertStep(delta, step(net));
        StepReport report = report(net);
        double[] residual = plus(model.dampedProduct(RHO, delta), 1, g);
        double predicted = -model.model(g, RHO, delta);
        assertEquals(3, report.solverIterations());
        assertClose(model.loss(), report.lossBefore(), Tolerances.ROUNDING, "loss");
        assertClose(Math.sqrt(dot(g, g)), report.gradientNorm(), Tolerances.ROUNDING, "|g|");
        assertClose(Math.sqrt(dot(delta, delta)), report.directionNorm(), Tolerances.DOUBLE, "|Δ|");
        assertClose(maximum(residual), report.solverResidual(), Tolerances.DOUBLE, "residual");
        assertClose(predicted, report.predictedReduction(), Tolerances.DOUBLE, "predicted reduction");
        assertClose(
                (report.lossBefore() - report.lossAfter()) / predicted,
                report.reductionRatio(),
                Tolerances.DOUBLE,
                "ratio");
    }

    private static double maximum(double[] x) {
        double max = 0;
        for (double element : x) {
            max = Math.max(max, Math.abs(element));
        }
        return max;
    }

    @Test
    void theFirstNineStepsUseTenIterationsWhateverTheirNumberLater() {
        for (int k : new int[] {2, 15}) {
            MultiLayerNetwork net = Small.attached(
                    Searching.sgn().cgIterations(k).residualTolerance(0).build());
            for (int step = 0; step < 12; step++) {
                net.fit(DATA);
                assertEquals(step < 9 ? 10 : k, report(net).solverIterations(), "step " + step);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-1, 1e-2, 1e-3})
    void iterationsEndWhenTheResidualFallsToItsTolerance(double tolerance) {
        MultiLayerNetwork net =
                Small.attached(exactly(40).residualTolerance(tolerance).build());
        DenseModel model = DenseModel.of(net, DATA);
        double[] g = model.g();
        net.fit(DATA);
        StepReport report = report(net);
        int expected = 0;
        while (maximum(residual(model, g, expected)) > tolerance) {
            expected++;
        }
        assertEquals(expected, report.solverIterations());
        assertTrue(report.solverResidual() <= tolerance, report::toString);
        assertTrue(report.solverEnding().startsWith("RESIDUAL_TOLERANCE"), report::toString);
    }

    private static double[] residual(DenseModel model, double[] g, int iterations) {
        double[] delta = model.conjugateGradients(g, RHO, new double[g.length], ones(g.length), iterations);
        return plus(model.dampedProduct(RHO, delta), 1, g);
    }

    /** Martens: after i iterations, stop if q fell by less than the fraction m·ε over the last m = max(10, i/10). */
    @Test
    void iterationsEndWhenTheModelMakesTooLittleProgress() {
        double fraction = 5e-4;
        MultiLayerNetwork net =
                Small.attached(exactly(40).relativeProgress(fraction).build());
        DenseModel model = DenseModel.of(net, DATA);
        net.fit(DATA);
        int expected = 11;
        while ((q(model, expected) - q(model, expected - 10)) / q(model, expected) >= 10 * fraction) {
            expected++;
        }
        assertEquals(expected, report(net).solverIterations());
        assertTrue(
                report(net).solverEnding().startsWith("RELATIVE_PROGRESS"),
                () -> report(net).toString());
        assertTrue(expected < 40);
    }

    private static double q(DenseModel model, int iterations) {
        double[] g = model.g();
        return model.model(g, RHO, model.conjugateGradients(g, RHO, new double[g.length], ones(g.length), iterations));
    }

    @Test
    void aWarmStartBeginsFromTheScaledPreviousDirection() {
        MultiLayerNetwork net = Small.attached(exactly(2).warmStart(0.6).build());
        double[] first = step(net);
        DenseModel model = DenseModel.of(net, DATA);
        double[] g = model.g();
        double[] start = times(0.6, first);
        assertTrue(model.model(g, RHO, start) < 0, "the start lowers the model");
        assertStep(model.conjugateGradients(g, RHO, start, ones(g.length), 2), step(net));
    }

    @Test
    void aWarmStartThatRaisesTheModelIsNotUsed() {
        MultiLayerNetwork net =
                Small.attached(exactly(2).warmStart(1).learningRate(8).build());
        double[] first = times(1.0 / 8, step(net));
        DenseModel model = DenseModel.of(net, DATA);
        double[] g = model.g();
        assertTrue(model.model(g, RHO, first) > 0, "the start raises the model");
        double[] delta = model.conjugateGradients(g, RHO, new double[g.length], ones(g.length), 2);
        assertStep(times(8, delta), step(net));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.5, 0.75, 1})
    void thePreconditionerIsThatOfTheAuthors(double alpha) {
        MultiLayerNetwork net = Small.attached(exactly(4).preconditioner(alpha).build());
        DenseModel model = DenseModel.of(net, DATA);
        double[] g = model.g();
        double[] m = new double[g.length];
        for (int i = 0; i < m.length; i++) {
            m[i] = Math.pow(g[i] * g[i] + RHO, alpha);
        }
        assertStep(model.conjugateGradients(g, RHO, new double[g.length], m, 4), step(net));
    }

    /** m ← βm + (1 − β)g; the system's right-hand side is m̂ = m/(1 − βᵗ). */
    @Test
    void momentumAveragesTheGradientWithBiasCorrection() {
        double beta = 0.7;
        MultiLayerNetwork net = Small.attached(exactly(3).momentum(beta).build());
        double[] m = new double[(int) net.numParams()];
        for (int t = 1; t <= 3; t++) {
            DenseModel model = DenseModel.of(net, DATA);
            m = plus(times(beta, m), 1 - beta, model.g());
            double[] corrected = times(1 / (1 - Math.pow(beta, t)), m);
            double[] delta = model.conjugateGradients(corrected, RHO, new double[m.length], ones(m.length), 3);
            assertStep(delta, step(net));
            double predicted = -model.model(model.g(), RHO, delta);
            assertClose(predicted, report(net).predictedReduction(), Tolerances.DOUBLE, "predicted reduction");
        }
    }

    /** One more iteration after a ratio over ¾, one fewer after one under ¼, within the bounds, after the warm-up. */
    @Test
    void adaptiveIterationsFollowTheRatio() {
        MultiLayerNetwork net = Small.attached(Searching.sgn()
                .cgIterations(4)
                .adaptiveIterations(3, 6)
                .warmup(2, 8)
                .residualTolerance(0)
                .build());
        List<StepReport> reports = new ArrayList<>();
        GaussNewtonListener listener = (model, report) -> reports.add(report);
        net.addListeners(listener);
        net.fit(Small.iterator(), 8);
        int k = 4;
        boolean low = false;
        boolean high = false;
        for (int step = 0; step < reports.size(); step++) {
            StepReport report = reports.get(step);
            assertEquals(step < 2 ? 8 : k, report.solverIterations(), "step " + step);
            if (step >= 2 && report.outcome() == StepReport.Outcome.ACCEPTED) {
                low |= report.reductionRatio() < 0.25;
                high |= report.reductionRatio() > 0.75;
                int change = report.reductionRatio() > 0.75 ? 1 : report.reductionRatio() < 0.25 ? -1 : 0;
                k = Math.max(3, Math.min(6, k + change));
            }
        }
        assertTrue(low && high, "ratios went both ways");
    }

    @Test
    void adaptiveIterationsStartWithinTheirBounds() {
        MultiLayerNetwork net =
                Small.attached(exactly(10).adaptiveIterations(2, 5).build());
        net.fit(DATA);
        assertEquals(5, report(net).solverIterations());
    }

    /**
     * The accepted length α meets L(θ + αΔ) ≤ L + cα·hᵀΔ and the one tried before it does not; h is the gradient, or with
     * momentum its average.
     */
    @ParameterizedTest
    @ValueSource(doubles = {0, 0.5})
    void armijoAcceptsTheFirstLengthThatMeetsItsCondition(double beta) {
        double c = 0.3;
        Sgn sgn = Searching.sgn()
                .momentum(beta)
                .learningRate(2)
                .lineSearch(LineSearch.armijo(c, 0.6, 30))
                .build();
        MultiLayerNetwork net = Small.attached(sgn);
        MultiLayerNetwork trial = Small.network(sgn);
        double[] m = new double[(int) net.numParams()];
        int accepted = 0;
        int searched = 0;
        for (int t = 1; t <= 8; t++) {
            DenseModel model = DenseModel.of(net, DATA);
            m = plus(times(beta, m), 1 - beta, model.g());
            double[] h = times(1 / (1 - Math.pow(beta, t)), m);
            double[] theta = net.params().toDoubleVector();
            double[] moved = step(net);
            StepReport report = report(net);
            if (report.outcome() == StepReport.Outcome.REJECTED) {
                // an average of earlier gradients need not point downhill
                assertTrue(beta > 0 && report.lineSearchEvaluations() == 31, report::toString);
                continue;
            }
            double alpha = report.stepLength();
            double slope = dot(h, moved) / alpha;
            assertClose(2 * Math.pow(0.6, report.lineSearchEvaluations() - 1), alpha, Tolerances.ROUNDING, "α");
            assertClose(loss(trial, theta, moved, 1), report.lossAfter(), Tolerances.DOUBLE, "loss");
            assertTrue(report.lossAfter() <= model.loss() + c * alpha * slope, report::toString);
            accepted++;
            if (report.lineSearchEvaluations() > 1) {
                searched++;
                double before = alpha / 0.6;
                assertTrue(loss(trial, theta, moved, 1 / 0.6) > model.loss() + c * before * slope, report::toString);
            }
        }
        assertTrue(accepted >= 3, "few steps were accepted");
        assertTrue(searched > 0, "no step was shortened");
    }

    private static double loss(MultiLayerNetwork net, double[] theta, double[] direction, double length) {
        net.setParams(Nd4j.createFromArray(plus(theta, length, direction)).reshape(1, theta.length));
        return net.score(DATA, true);
    }

    @Test
    void withoutALineSearchAnyFiniteLossIsAccepted() {
        MultiLayerNetwork net = Small.attached(exactly(3).learningRate(100).build());
        net.fit(DATA);
        StepReport report = report(net);
        assertEquals(StepReport.Outcome.ACCEPTED, report.outcome());
        assertTrue(report.lossAfter() > report.lossBefore(), report::toString);
        assertEquals(1, report.lineSearchEvaluations());
        assertEquals(100, report.stepLength());
    }

    @Test
    void reorthogonalizationChangesFewIterationsByRoundingOnly() {
        double[] plain = step(Small.attached(exactly(4).orthogonalized(0).build()));
        double[] orthogonalized =
                step(Small.attached(exactly(4).orthogonalized(20).build()));
        assertStep(plain, orthogonalized);
    }
}
