package org.dl4jgn.samediff;

import static org.dl4jgn.testing.ResidualValues.values;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.dl4jgn.leastsquares.LevenbergMarquardt;
import org.dl4jgn.testing.Tolerances;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Residuals of graphs: a curve of two scalars, and a network of matrices. */
class SameDiffResidualsTest {

    private static final INDArray X = Nd4j.createFromArray(0.0, 1.0, 2.0, 3.0, 4.0);
    private static final INDArray Y = Nd4j.createFromArray(2.1, 1.2, 0.8, 0.4, 0.3);

    private final SameDiff sd = SameDiff.create();
    private final SDVariable x = sd.placeHolder("x", DataType.DOUBLE, -1);
    private final SDVariable a = sd.var("a", Nd4j.scalar(1.0));
    private final SDVariable k = sd.var("k", Nd4j.scalar(0.1));
    private final SDVariable f = a.mul(sd.math().exp(x.mul(k).neg()));

    private SameDiffResiduals.Builder decay() {
        return SameDiffResiduals.of(sd).given(x, X).match(f, Y);
    }

    /** A network 2-3-1 on six examples, whose output also enters squared, and a weight that should be small. */
    private static SameDiffResiduals network() {
        Nd4j.getRandom().setSeed(7);
        SameDiff graph = SameDiff.create();
        SDVariable in = graph.placeHolder("in", DataType.DOUBLE, -1, 2);
        SDVariable w = graph.var("w", Nd4j.rand(DataType.DOUBLE, 2, 3).subi(0.5));
        SDVariable b = graph.var("b", Nd4j.rand(DataType.DOUBLE, 3));
        SDVariable v = graph.var("v", Nd4j.rand(DataType.DOUBLE, 3, 1).subi(0.5));
        SDVariable out = graph.math().tanh(in.mmul(w).add(b)).mmul(v);
        SDVariable bent = out.mul(out).add(out);
        return SameDiffResiduals.of(graph)
                .given(in, Nd4j.rand(DataType.DOUBLE, 6, 2))
                .match(bent, Nd4j.rand(DataType.DOUBLE, 6, 1))
                .vanish(v, 0.25)
                .build();
    }

    @Test
    void jacobianIsThatOfDifferences() {
        try (SameDiffResiduals residuals = network()) {
            double[] theta = residuals.start();
            int rows = residuals.count();
            assertEquals(9, rows);
            double[] j = new double[rows * theta.length];
            residuals.jacobian(theta, j, rows);
            for (int column = 0; column < theta.length; column++) {
                double[] unit = new double[theta.length];
                unit[column] = 1;
                double[] up = values(residuals, theta, unit, 1e-5);
                double[] down = values(residuals, theta, unit, -1e-5);
                for (int i = 0; i < rows; i++) {
                    assertEquals((up[i] - down[i]) / 2e-5, j[column * rows + i], Tolerances.FINITE_DIFFERENCE);
                }
            }
        }
    }

    @Test
    void curvatureIsThatOfDifferences() {
        try (SameDiffResiduals residuals = network()) {
            double[] theta = residuals.start();
            double[] v = Nd4j.rand(DataType.DOUBLE, theta.length).toDoubleVector();
            double[] second = new double[residuals.count()];
            residuals.curvature(theta, v, second);
            double h = 1e-4;
            double[] up = values(residuals, theta, v, h);
            double[] at = values(residuals, theta, v, 0);
            double[] down = values(residuals, theta, v, -h);
            for (int i = 0; i < second.length; i++) {
                assertEquals((up[i] - 2 * at[i] + down[i]) / (h * h), second[i], Tolerances.FINITE_DIFFERENCE);
            }
        }
    }

    /** At the minimum a and k satisfy the normal equations, and the graph has them. */
    @Test
    void fitIsStationaryAndWrittenToTheGraph() {
        try (SameDiffResiduals residuals = decay().build()) {
            SameDiffFit fit = residuals.fit(LevenbergMarquardt.defaults());
            assertTrue(fit.result().isConverged(), fit::toString);
            assertEquals(fit.parameter("a").getDouble(0), a.getArr().getDouble(0), 0);
            double[] theta = residuals.start();
            double[] r = new double[5];
            double[] j = new double[10];
            residuals.values(theta, r);
            residuals.jacobian(theta, j, 5);
            for (int column = 0; column < 2; column++) {
                double product = 0;
                for (int i = 0; i < 5; i++) {
                    product += r[i] * j[5 * column + i];
                }
                assertEquals(0, product, Tolerances.ROUNDING);
            }
            assertEquals(
                    fit.result().standardErrors()[1], fit.standardError("k").getDouble(0), 0);
            assertTrue(fit.toString().contains("k = "), fit::toString);
        }
    }

    @Test
    void weightOfZeroLeavesAnObservationOut() {
        INDArray wrong = Y.dup().putScalar(2, 100);
        INDArray weights = Nd4j.ones(DataType.DOUBLE, 5).putScalar(2, 0);
        try (SameDiffResiduals with = decay().build()) {
            with.fit(LevenbergMarquardt.defaults());
        }
        double all = k.getArr().getDouble(0);
        try (SameDiffResiduals without =
                SameDiffResiduals.of(sd).given(x, X).match(f, wrong, weights).build()) {
            without.fit(LevenbergMarquardt.defaults());
        }
        double some = k.getArr().getDouble(0);
        assertEquals(all, some, 0.1);
        assertTrue(all != some);
    }

    @Test
    void onlyWhatIsNamedIsTrained() {
        try (SameDiffResiduals residuals = decay().train(k).build()) {
            assertArrayEquals(new double[] {0.1}, residuals.start());
            residuals.fit(LevenbergMarquardt.defaults());
            assertEquals(1.0, a.getArr().getDouble(0), 0);
        }
    }

    private static void refused(SameDiffResiduals.Builder builder, String words) {
        RuntimeException refusal = assertThrows(RuntimeException.class, builder::build);
        assertTrue(refusal.getMessage().contains(words), refusal.getMessage());
    }

    @Test
    void whatIsMissingOrWrongIsSaid() {
        refused(SameDiffResiduals.of(sd).match(f, Y), "Placeholder 'x' was not given");
        refused(SameDiffResiduals.of(sd).given("z", X), "Nothing to fit");
        refused(SameDiffResiduals.of(sd).given("z", X).match(f, Y), "'z' is no placeholder");
        refused(SameDiffResiduals.of(sd).given(x, X).match(f, X.reshape(5, 1)), "has shape [5]");
        refused(SameDiffResiduals.of(sd).given(x, X).match(x, Y), "No trainable variable");
        refused(decay().train(f), "is no trainable variable");
        SDVariable single = sd.var("single", Nd4j.scalar(1.0f));
        refused(SameDiffResiduals.of(sd).given(x, X).vanish(single), "is of type FLOAT");
    }

    /** An operation without a rule is named with the place where it stands. */
    @Test
    void operationWithoutARuleIsNamed() {
        SDVariable sorted = sd.nn().topK(f, 2, true)[0].rename("largest");
        refused(SameDiffResiduals.of(sd).given(x, X).vanish(sorted), "'largest'");
    }

    /** The rule of the largest writes its reverse operation, of which there is no derivative. */
    @Test
    void withoutSecondDerivativesTheSearchIsNotAccelerated() {
        SameDiff graph = SameDiff.create();
        SDVariable w = graph.var("w", Nd4j.createFromArray(new double[][] {{1, 3}, {2, 5}}));
        SDVariable largest = graph.max(w, 1);
        try (SameDiffResiduals residuals = SameDiffResiduals.of(graph)
                .match(largest, Nd4j.createFromArray(4.0, 6.0))
                .build()) {
            assertFalse(residuals.hasCurvature());
            residuals.fit(LevenbergMarquardt.defaults());
            assertEquals(
                    0,
                    w.getArr()
                            .sub(Nd4j.createFromArray(new double[][] {{1, 4}, {2, 6}}))
                            .norm2Number()
                            .doubleValue(),
                    Tolerances.ROUNDING);
        }
    }

    /** Of a straight line: s √(1/m + (x − x̄)²/Σ(xᵢ − x̄)²), at points that were not fitted. */
    @Test
    void predictionsOfAStraightLineHaveTheErrorsOfLinearRegression() {
        SDVariable line = sd.var("intercept", Nd4j.scalar(0.0))
                .add(sd.var("slope", Nd4j.scalar(0.0)).mul(x))
                .rename("line");
        try (SameDiffResiduals residuals =
                SameDiffResiduals.of(sd).given(x, X).match(line, Y).build()) {
            SameDiffFit fit = residuals.fit(LevenbergMarquardt.defaults());
            INDArray at = Nd4j.createFromArray(-3.0, 2.0, 10.5);
            INDArray errors = fit.predictionErrors(line, Map.of("x", at));
            double s = fit.result().residualStandardDeviation();
            for (int i = 0; i < 3; i++) {
                double distance = at.getDouble(i) - 2;
                assertEquals(
                        s * Math.sqrt(1.0 / 5 + distance * distance / 10), errors.getDouble(i), Tolerances.ROUNDING);
            }
        }
    }
}
