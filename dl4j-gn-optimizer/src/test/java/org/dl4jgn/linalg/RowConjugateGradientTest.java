package org.dl4jgn.linalg;

import static org.dl4jgn.testing.Networks.normal;
import static org.dl4jgn.testing.Tolerances.DOUBLE;
import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.dl4jgn.linalg.ConjugateGradient.Ending;
import org.dl4jgn.linalg.ConjugateGradient.Stopping;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Iterations among a few vectors, against the same iterations on long ones. */
class RowConjugateGradientTest {

    private static final int M = 6;
    private static final int D = 15;
    private static final double RHO = 0.05;
    private static final double SIGMA = 0.2;
    private static final double NOTHING = 1e-28;

    private final INDArray v = normal(3, 1.0, M, D);
    private final double[] weights = {0.5, 2, 0, 1, 0.1, 0};
    private final double[] h = {0.3, -0.2, 1, 0.4, -0.7, 0.1};

    private static INDArray column(double[] y) {
        return Nd4j.createFromArray(y).reshape(y.length, 1);
    }

    private INDArray longVector(double[] y) {
        return v.transpose().mmul(column(y)).reshape(D);
    }

    private RowConjugateGradient rows() {
        return new RowConjugateGradient(v.mmul(v.transpose()).dup('c').data().asDouble(), weights);
    }

    private INDArray matrix() {
        return v.transpose().mmul(Nd4j.diag(Nd4j.createFromArray(weights)).mmul(v));
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "2, 0", "3, 20", "4, 20"})
    void theIteratesAreThoseOfLongVectors(int iterations, int orthogonalized) {
        RowConjugateGradient.Result found = rows().solve(h, RHO, SIGMA, iterations, orthogonalized, NOTHING);
        INDArray a = matrix();
        INDArray delta = Nd4j.create(DataType.DOUBLE, D);
        try (ConjugateGradient expected = new ConjugateGradient(DataType.DOUBLE, D)) {
            LinearOperator operator =
                    (x, product) -> product.assign(a.mmul(x.reshape(D, 1)).reshape(D));
            expected.solve(operator, longVector(h), RHO, SIGMA, delta, new Stopping(iterations, 0, 0, orthogonalized));
            assertClose(delta, longVector(found.solution()), DOUBLE, "Δ(ρ)");
            assertClose(expected.shifted(), longVector(found.shifted()), DOUBLE, "Δ(ρ + σ)");
            assertClose(Vectors.norm2(expected.residual()), found.residual(), DOUBLE, "residual");
        }
        assertEquals(iterations, found.iterations());
        assertEquals(Ending.ITERATION_LIMIT, found.ending());
        assertTrue(found.isUsable());
    }

    /** Four weights are not zero, so that there are five different eigenvalues at most, and not fifty iterations. */
    @Test
    void itEndsWhereNothingIsLeft() {
        RowConjugateGradient.Result found = rows().solve(h, RHO, SIGMA, 50, 20, 1e-20);
        assertEquals(Ending.RESIDUAL_TOLERANCE, found.ending());
        assertTrue(found.iterations() <= M, found::toString);
        INDArray left = matrix().addi(Nd4j.eye(D).castTo(DataType.DOUBLE).mul(RHO));
        INDArray product = left.mmul(longVector(found.solution()).reshape(D, 1)).reshape(D);
        assertClose(longVector(h).neg(), product, DOUBLE, "(A + ρI)Δ");
    }

    @Test
    void noGradientIsSolvedByZero() {
        RowConjugateGradient.Result found = rows().solve(new double[M], RHO, SIGMA, 5, 0, NOTHING);
        assertArrayEquals(new double[M], found.solution());
        assertEquals(Ending.RESIDUAL_TOLERANCE, found.ending());
        assertTrue(found.isUsable());
    }

    @Test
    void withoutCurvatureAndDampingThereIsNoDirection() {
        RowConjugateGradient flat = new RowConjugateGradient(new double[] {1}, new double[] {0});
        RowConjugateGradient.Result found = flat.solve(new double[] {1}, 0, 0, 5, 0, NOTHING);
        assertEquals(Ending.NONPOSITIVE_CURVATURE, found.ending());
        assertFalse(found.isUsable());
        assertArrayEquals(new double[1], found.solution());
    }

    @Test
    void numbersThatAreNotFiniteEndIt() {
        double[] gram = {1, 0, 0, Double.NaN};
        RowConjugateGradient.Result found = new RowConjugateGradient(gram, new double[] {1, 1})
                .solve(new double[] {1, 1}, RHO, SIGMA, 5, 0, NOTHING);
        assertEquals(Ending.NON_FINITE, found.ending());
        assertFalse(found.isUsable());
        assertTrue(Arrays.stream(found.solution()).allMatch(x -> x == 0));
    }

    @Test
    void aMatrixOfAnotherSizeIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new RowConjugateGradient(new double[5], new double[2]));
    }
}
