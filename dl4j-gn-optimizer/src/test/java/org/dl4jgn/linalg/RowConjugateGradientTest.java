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
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.dl4jgn.linalg.ConjugateGradient.Ending;
import org.dl4jgn.linalg.ConjugateGradient.Stopping;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Iterations among a few vectors, against the same iterations on long ones. */
class RowConjugateGradientTest {

    private static final int N = 5;
    private static final int D = 15;
    private static final double SCALE = 0.3;
    private static final double RHO = 0.05;
    private static final double SIGMA = 0.2;
    private static final double NOTHING = 1e-28;

    /** The parts, and D on each. */
    private static final int[] ENDS = {9, D};

    private static final double[] PENALTIES = {0.4, 0};

    /** Five rows, and another vector. */
    private final INDArray v = normal(3, 1.0, N + 1, D);

    private final double[] h = {0.3, -0.2, 1, 0.4, -0.7, 0.1, 0.5, -0.6, 0.2, 0.9, -0.1, 0.8};

    private static INDArray column(double[] y) {
        return Nd4j.createFromArray(y).reshape(y.length, 1);
    }

    /** The vectors with zeros outside of a part, or of all parts. */
    private INDArray share(int part) {
        INDArray result = v.dup();
        for (int j = 0; j < D; j++) {
            int of = j < ENDS[0] ? 0 : 1;
            if (of != part) {
                result.getColumn(j).assign(0);
            }
        }
        return result;
    }

    private INDArray longVector(double[] y) {
        INDArray sum = Nd4j.zeros(DataType.DOUBLE, D);
        for (int part = 0; part < 2; part++) {
            double[] own = Arrays.copyOfRange(y, part * (N + 1), (part + 1) * (N + 1));
            sum.addi(share(part).transpose().mmul(column(own)).reshape(D));
        }
        return sum;
    }

    private RowConjugateGradient rows() {
        List<Gram> grams = IntStream.range(0, 2)
                .mapToObj(part -> share(part)
                        .mmul(share(part).transpose())
                        .dup('c')
                        .data()
                        .asDouble())
                .map(Gram::of)
                .toList();
        return new RowConjugateGradient(grams, N, SCALE, PENALTIES);
    }

    private INDArray rowsOf(INDArray x) {
        return v.get(NDArrayIndex.interval(0, N), NDArrayIndex.all())
                .mmul(x.reshape(D, 1))
                .reshape(N);
    }

    private INDArray matrix() {
        INDArray rows = v.get(NDArrayIndex.interval(0, N), NDArrayIndex.all()).dup();
        INDArray a = rows.transpose().mmul(rows).muli(SCALE);
        for (int i = 0; i < D; i++) {
            a.putScalar(i, i, a.getDouble(i, i) + PENALTIES[i < ENDS[0] ? 0 : 1]);
        }
        return a;
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "2, 0", "3, 20", "5, 20"})
    void theIteratesAreThoseOfLongVectors(int iterations, int orthogonalized) {
        RowConjugateGradient.Result found = rows().solve(h, RHO, SIGMA, iterations, orthogonalized, NOTHING);
        INDArray a = matrix();
        INDArray delta = Nd4j.create(DataType.DOUBLE, D);
        try (ConjugateGradient expected = new ConjugateGradient(DataType.DOUBLE, D)) {
            LinearOperator operator =
                    (x, product) -> product.assign(a.mmul(x.reshape(D, 1)).reshape(D));
            expected.solve(operator, longVector(h), RHO, SIGMA, delta, new Stopping(iterations, 0, 0, orthogonalized));
            assertClose(delta, longVector(found.solution().y()), DOUBLE, "Δ(ρ)");
            assertClose(expected.shifted(), longVector(found.shifted().y()), DOUBLE, "Δ(ρ + σ)");
            RowConjugateGradient.Spanned difference = found.solution().minus(found.shifted());
            INDArray change = delta.sub(expected.shifted());
            assertClose(change, longVector(difference.y()), DOUBLE, "their difference");
            assertClose(rowsOf(change), Nd4j.createFromArray(rows().rowsOf(difference)), DOUBLE, "its rows");
            assertClose(rowsOf(delta), Nd4j.createFromArray(rows().rowsOf(found.solution())), DOUBLE, "rows of Δ(ρ)");
            assertClose(Vectors.norm2(expected.residual()), found.residual(), DOUBLE, "residual");
        }
        assertEquals(iterations, found.iterations());
        assertEquals(Ending.ITERATION_LIMIT, found.ending());
        assertTrue(found.isUsable());
    }

    /** In the span of twelve vectors, whatever the fifty iterations that are allowed. */
    @Test
    void itEndsWhereNothingIsLeft() {
        RowConjugateGradient.Result found = rows().solve(h, RHO, SIGMA, 50, 20, 1e-20);
        assertEquals(Ending.RESIDUAL_TOLERANCE, found.ending());
        assertTrue(found.iterations() <= h.length, found::toString);
        INDArray left = matrix().addi(Nd4j.eye(D).castTo(DataType.DOUBLE).mul(RHO));
        INDArray product =
                left.mmul(longVector(found.solution().y()).reshape(D, 1)).reshape(D);
        assertClose(longVector(h).neg(), product, DOUBLE, "(A + ρI)Δ");
    }

    @Test
    void noGradientIsSolvedByZero() {
        RowConjugateGradient.Result found = rows().solve(new double[h.length], RHO, SIGMA, 5, 0, NOTHING);
        assertArrayEquals(new double[h.length], found.solution().y());
        assertEquals(Ending.RESIDUAL_TOLERANCE, found.ending());
        assertTrue(found.isUsable());
    }

    @Test
    void withoutCurvatureAndDampingThereIsNoDirection() {
        RowConjugateGradient flat = new RowConjugateGradient(grams(new double[] {1}), 1, 0, new double[1]);
        RowConjugateGradient.Result found = flat.solve(new double[] {1}, 0, 0, 5, 0, NOTHING);
        assertEquals(Ending.NONPOSITIVE_CURVATURE, found.ending());
        assertFalse(found.isUsable());
        assertArrayEquals(new double[1], found.solution().y());
    }

    @Test
    void numbersThatAreNotFiniteEndIt() {
        double[] gram = {1, 0, 0, Double.NaN};
        RowConjugateGradient.Result found = new RowConjugateGradient(grams(gram), 2, 1, new double[1])
                .solve(new double[] {1, 1}, RHO, SIGMA, 5, 0, NOTHING);
        assertEquals(Ending.NON_FINITE, found.ending());
        assertFalse(found.isUsable());
        assertTrue(Arrays.stream(found.solution().y()).allMatch(x -> x == 0));
    }

    private static List<Gram> grams(double[]... matrices) {
        return Stream.of(matrices).map(Gram::of).toList();
    }

    /** The last of the six vectors, beside the others. */
    @Test
    void oneMoreVectorIsARowAndAColumn() {
        INDArray all = v.mmul(v.transpose()).dup('c');
        var few = NDArrayIndex.interval(0, N);
        Gram others = Gram.of(all.get(few, few).dup('c').data().asDouble());
        double[] products = all.get(few, NDArrayIndex.point(N)).dup().data().asDouble();
        Gram found = others.with(products, all.getDouble(N, N));
        assertEquals(N + 1, found.size());
        double[] y = Arrays.copyOf(h, N + 1);
        double[] expected = Gram.of(all.data().asDouble()).times(y);
        assertArrayEquals(
                expected,
                found.times(y),
                DOUBLE * Arrays.stream(expected).map(Math::abs).max().orElseThrow());
        assertClose(all.mmul(column(y)).reshape(N + 1), Nd4j.createFromArray(expected), DOUBLE, "VVᵀy");
    }

    @Test
    void matricesOfOtherSizesAreRefused() {
        double[] none = new double[1];
        assertThrows(IllegalArgumentException.class, () -> Gram.of(new double[5]));
        assertThrows(IllegalArgumentException.class, () -> new RowConjugateGradient(grams(new double[16]), 2, 1, none));
        List<Gram> two = grams(new double[4], new double[4]);
        assertThrows(IllegalArgumentException.class, () -> new RowConjugateGradient(two, 2, 1, none));
        List<Gram> unequal = grams(new double[4], new double[9]);
        assertThrows(IllegalArgumentException.class, () -> new RowConjugateGradient(unequal, 2, 1, new double[2]));
    }
}
