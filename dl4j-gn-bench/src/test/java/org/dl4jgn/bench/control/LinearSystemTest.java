package org.dl4jgn.bench.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinearSystemTest {

    private static final double ROUNDING = 1e-12;

    private static RealMatrix number(double value) {
        return MatrixUtils.createRealMatrix(new double[][] {{value}});
    }

    static RealMatrix random(int rows, int columns, long seed) {
        Random random = new Random(seed);
        RealMatrix matrix = MatrixUtils.createRealMatrix(rows, columns);
        for (int i = 0; i < rows; i++) {
            matrix.setRow(i, random.doubles(columns, -1, 1).toArray());
        }
        return matrix;
    }

    private static void assertSame(RealMatrix expected, RealMatrix actual, double tolerance) {
        assertEquals(0, expected.subtract(actual).getNorm() / expected.getNorm(), tolerance);
    }

    /** a = b = q = r = 1: p = 1 + p − p²/(1 + p), the golden ratio. */
    @Test
    void theScalarRegulatorIsGolden() {
        LinearSystem system = new LinearSystem(number(1), number(1), number(1), number(1));
        double golden = (1 + Math.sqrt(5)) / 2;
        assertEquals(golden, system.riccati().getEntry(0, 0), ROUNDING);
        assertEquals(golden / (1 + golden), system.optimalGain().getEntry(0, 0), ROUNDING);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5})
    void riccatisEquationIsSolved(int masses) {
        LinearSystem s = LinearSystem.springs(masses);
        RealMatrix p = s.riccati();
        RealMatrix apb = s.a().transpose().multiply(p).multiply(s.b());
        RealMatrix right = s.q().add(s.a().transpose().multiply(p).multiply(s.a()))
                .subtract(apb.multiply(
                                new LUDecomposition(s.curvature(p)).getSolver().getInverse())
                        .multiply(apb.transpose()));
        assertSame(right, p, ROUNDING);
    }

    @Test
    void costToGoSolvesItsEquationAndIsRiccatisAtTheOptimum() {
        LinearSystem s = LinearSystem.springs(3);
        RealMatrix k = s.optimalGain().add(random(2, 6, 1).scalarMultiply(0.05));
        RealMatrix p = s.costToGo(k);
        RealMatrix closed = s.a().subtract(s.b().multiply(k));
        assertSame(
                s.q().add(k.transpose().multiply(s.r()).multiply(k))
                        .add(closed.transpose().multiply(p).multiply(closed)),
                p,
                ROUNDING);
        assertSame(s.riccati(), s.costToGo(s.optimalGain()), ROUNDING);
    }

    @Test
    void noPolicyIsCheaperThanTheOptimum() {
        LinearSystem s = LinearSystem.springs(2);
        RealMatrix optimum = s.optimalGain();
        for (int seed = 0; seed < 20; seed++) {
            RealMatrix other = optimum.add(random(2, 4, seed).scalarMultiply(0.1));
            assertTrue(s.cost(other) > s.cost(optimum));
        }
    }

    @Test
    void aPolicyThatIsNotStableCostsInfinitelyMuch() {
        LinearSystem s = new LinearSystem(number(0.5), number(1), number(1), number(1));
        assertTrue(s.isStableWith(number(1.4)));
        assertFalse(s.isStableWith(number(1.6)));
        assertEquals(Double.POSITIVE_INFINITY, s.cost(number(1.6)));
    }

    @Test
    void shapesAreChecked() {
        Exception e = assertThrows(
                IllegalArgumentException.class,
                () -> new LinearSystem(number(1), random(2, 1, 1), number(1), number(1)));
        assertEquals("B is 2 x 1, but must be 1 x 1", e.getMessage());
    }
}
