package org.dl4jgn.plan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.function.BiConsumer;
import java.util.function.DoubleUnaryOperator;
import org.dl4jgn.linalg.Buffers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** σ and tanh of float64, against Java's. */
class DoubleCellsTest {

    /** The reference is off by one or two itself. */
    private static final double ULPS = 5;

    private static double sigmoid(double x) {
        double e = StrictMath.exp(-Math.abs(x));
        return x >= 0 ? 1 / (1 + e) : e / (1 + e);
    }

    private static void assertClose(
            BiConsumer<double[], double[]> function, DoubleUnaryOperator expected, double scale, String what) {
        Random random = new Random(7);
        double[] x = random.doubles(20_000, -scale, scale).toArray();
        double[] y = new double[x.length];
        function.accept(x.clone(), y);
        for (int i = 0; i < x.length; i++) {
            double e = expected.applyAsDouble(x[i]);
            double off = Math.abs(y[i] - e) / Math.ulp(e);
            assertTrue(off <= ULPS, what + "(" + x[i] + ") is " + y[i] + ", " + off + " units from " + e);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-300, 1e-8, 0.1, 0.35, 1, 5, 40, 690})
    void theyAreRightToTheLastDigits(double scale) {
        assertClose(DoubleCells::sigmoid, DoubleCellsTest::sigmoid, scale, "sigmoid");
        assertClose(DoubleCells::tanh, StrictMath::tanh, scale, "tanh");
    }

    @Test
    void numbersAtTheEnds() {
        double[] x = {0, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1e5, -1e5, Double.MIN_VALUE};
        double[] y = new double[x.length];
        DoubleCells.tanh(x.clone(), y);
        assertArrayEquals(new double[] {0, Double.NaN, 1, -1, 1, -1, Double.MIN_VALUE}, y);
        DoubleCells.sigmoid(x.clone(), y);
        double least = StrictMath.exp(-700);
        assertArrayEquals(new double[] {0.5, Double.NaN, 1, least, 1, least, 0.5}, y, 1e-14 * least);
    }

    /** In pieces, whatever the length, and in the place of what is read. */
    @ParameterizedTest
    @ValueSource(longs = {1, 7, 2048, 2049, 4099, 40_000})
    void kernelsWorkOnWholeArrays(long length) {
        for (DataType type : new DataType[] {DataType.DOUBLE, DataType.FLOAT}) {
            INDArray x = Nd4j.linspace(-4, 4, length, type).reshape(1, length);
            INDArray y = Nd4j.create(type, 1, length);
            INDArray z = x.dup();
            try (Buffers buffers = new Buffers();
                    Program program = new Program()) {
                Kernels kernels = Kernels.create(buffers);
                kernels.sigmoid(program, x, y);
                kernels.tanh(program, z, z);
                program.run();
            }
            double tolerance = type == DataType.DOUBLE ? 1e-15 : 1e-6;
            for (long i = 0; i < length; i++) {
                assertEquals(sigmoid(x.getDouble(0, i)), y.getDouble(0, i), tolerance);
                assertEquals(StrictMath.tanh(x.getDouble(0, i)), z.getDouble(0, i), tolerance);
            }
        }
    }
}
