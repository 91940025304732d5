package org.dl4jgn.samediff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.dl4jgn.testing.Tolerances;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Derivatives by inputs of a function whose derivatives are known, and of a network against differences. */
class InputDerivativesTest {

    private final SameDiff sd = SameDiff.create();
    private final SDVariable x = sd.placeHolder("x", DataType.DOUBLE, -1, 2);

    private double at(SDVariable of, double... point) {
        INDArray points = Nd4j.createFromArray(new double[][] {point, {0.1, 0.2}});
        return sd.output(Map.of("x", points), of.name()).get(of.name()).getDouble(0);
    }

    /** u = sin(aᵀx) with a = (1, 2). */
    private SDVariable wave() {
        return sd.math().sin(x.mmul(sd.constant(Nd4j.createFromArray(new double[][] {{1}, {2}}))));
    }

    @Test
    void derivativesOfAWaveAreKnown() {
        SDVariable u = wave();
        double phase = 0.3 + 2 * 0.4;
        assertEquals(2 * Math.cos(phase), at(InputDerivatives.first(u, x, 1), 0.3, 0.4), Tolerances.ROUNDING);
        assertEquals(-Math.sin(phase), at(InputDerivatives.second(u, x, 0), 0.3, 0.4), Tolerances.ROUNDING);
        assertEquals(-2 * Math.sin(phase), at(InputDerivatives.mixed(u, x, 0, 1), 0.3, 0.4), Tolerances.ROUNDING);
        assertEquals(-5 * Math.sin(phase), at(InputDerivatives.laplacian(u, x), 0.3, 0.4), Tolerances.ROUNDING);
    }

    /** The residual of an equation has the Jacobian of differences: a third derivative, by the parameters. */
    @Test
    void residualOfAnEquationIsDifferentiatedByParameters() {
        Nd4j.getRandom().setSeed(4);
        SDVariable w = sd.var("w", Nd4j.randn(DataType.DOUBLE, 2, 3));
        SDVariable b = sd.var("b", Nd4j.randn(DataType.DOUBLE, 3));
        SDVariable v = sd.var("v", Nd4j.randn(DataType.DOUBLE, 3, 1));
        SDVariable u = sd.math().tanh(x.mmul(w).add(b)).mmul(v);
        SDVariable residual = InputDerivatives.laplacian(u, x).add(u.mul(u));
        INDArray points = Nd4j.rand(DataType.DOUBLE, 5, 2);
        try (SameDiffResiduals residuals =
                SameDiffResiduals.of(sd).given(x, points).vanish(residual).build()) {
            double[] theta = residuals.start();
            double[] j = new double[5 * theta.length];
            residuals.jacobian(theta, j, 5);
            double[] up = new double[5];
            double[] down = new double[5];
            for (int column = 0; column < theta.length; column++) {
                double[] moved = theta.clone();
                moved[column] += 1e-5;
                residuals.values(moved, up);
                moved[column] -= 2e-5;
                residuals.values(moved, down);
                for (int i = 0; i < 5; i++) {
                    assertEquals((up[i] - down[i]) / 2e-5, j[column * 5 + i], Tolerances.FINITE_DIFFERENCE);
                }
            }
        }
    }

    @Test
    void wrongAxesAndInputsAreSaid() {
        SDVariable u = wave();
        assertTrue(assertThrows(IllegalArgumentException.class, () -> InputDerivatives.first(u, x, 2))
                .getMessage()
                .contains("from 0 to 1"));
        SDVariable y = sd.placeHolder("y", DataType.DOUBLE, -1, 2);
        assertTrue(assertThrows(IllegalArgumentException.class, () -> InputDerivatives.first(u, y, 0))
                .getMessage()
                .contains("does not depend on 'y'"));
    }
}
