package org.dl4jgn.linalg;

import static org.dl4jgn.testing.Networks.normal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** BLAS level 1 on dense arrays of whatever shape, and on parts of a flat vector. */
class VectorsTest {

    static Stream<Arguments> shapes() {
        return Stream.of(
                        new long[] {7},
                        new long[] {1, 7},
                        new long[] {7, 1},
                        new long[] {3, 5},
                        new long[] {1, 1},
                        new long[] {2, 3, 4})
                .flatMap(s -> Stream.of(DataType.DOUBLE, DataType.FLOAT).map(t -> Arguments.of(s, t)));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void computesOnAllElements(long[] shape, DataType type) {
        INDArray x = normal(1, 1.0, shape).castTo(type);
        INDArray y = normal(2, 1.0, shape).castTo(type);
        double tolerance = type == DataType.DOUBLE ? 1e-14 : 1e-5;
        assertEquals(x.mul(y).sumNumber().doubleValue(), Vectors.dot(x, y), tolerance);
        assertEquals(Math.sqrt(x.mul(x).sumNumber().doubleValue()), Vectors.norm2(x), tolerance);
        assertEquals(x.amaxNumber().doubleValue(), Vectors.normInf(x), tolerance);
        INDArray expected = y.add(x.mul(-0.5));
        Vectors.axpy(-0.5, x, y);
        assertEquals(0, expected.sub(y).norm2Number().doubleValue(), tolerance);
        INDArray z = y.ulike();
        Vectors.copy(y, z);
        assertEquals(y, z);
        Vectors.scale(2.0, z);
        assertEquals(y.mul(2), z);
    }

    /** Where their memory can be read, and where it cannot. */
    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"FLOAT", "DOUBLE"})
    void vectorsAreTheSameToTheBit(DataType type) {
        INDArray flat = normal(1, 1.0, 3000).castTo(type);
        INDArray x = flat.get(NDArrayIndex.interval(900, 2900));
        for (int hidden = 0; hidden < 2; hidden++) {
            HostMemory.Hidden hide = hidden == 1 ? HostMemory.hide() : null;
            try {
                INDArray y = x.dup();
                INDArray room = y.ulike();
                assertTrue(Vectors.areSame(x, y, room));
                for (int at : new int[] {0, 1000, 1999}) {
                    double before = y.getDouble(at);
                    y.putScalar(at, Math.nextUp((float) before) == before ? 0 : Math.nextUp((float) before));
                    assertFalse(Vectors.areSame(x, y, room), "differ at " + at);
                    y.putScalar(at, before);
                }
                assertTrue(Vectors.areSame(x, y, room));
            } finally {
                if (hide != null) {
                    hide.close();
                }
            }
        }
    }

    @Test
    void worksOnPartsOfAFlatVector() {
        INDArray flat = normal(1, 1.0, 20);
        INDArray before = flat.dup();
        INDArray part = flat.get(NDArrayIndex.interval(5, 11)).reshape('c', 2, 3);
        INDArray x = normal(2, 1.0, 2, 3);
        INDArray expected = part.mul(3).add(x);
        Vectors.scale(3.0, part);
        Vectors.axpy(1.0, x, part);
        assertEquals(expected, part);
        for (int i = 0; i < 20; i++) {
            if (i < 5 || i >= 11) {
                assertEquals(before.getDouble(i), flat.getDouble(i), "element " + i);
            }
        }
        Vectors.copy(x, part);
        assertEquals(x, part);
        assertEquals(before.getDouble(11), flat.getDouble(11));
    }

    /** Wherever the number is, for lengths on both sides of the native kernels' blocks. */
    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"DOUBLE", "FLOAT"})
    void findsEveryNumberThatIsNotFinite(DataType type) {
        for (int n : new int[] {1, 2, 3, 7, 8, 15, 16, 31, 33, 64, 100}) {
            INDArray x = normal(n, 1.0, n).castTo(type);
            assertTrue(Vectors.isFinite(x));
            assertEquals(-1, Vectors.firstNonFinite(x));
            for (int i = 0; i < n; i++) {
                for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
                    double old = x.getDouble(i);
                    x.putScalar(i, bad);
                    String where = bad + " at " + i + " of " + n;
                    assertFalse(Vectors.isFinite(x), where);
                    assertEquals(i, Vectors.firstNonFinite(x), where);
                    double norm = Vectors.normInf(x);
                    assertTrue(Double.isNaN(bad) ? Double.isNaN(norm) : Double.isInfinite(norm), where + ": " + norm);
                    x.putScalar(i, old);
                }
            }
        }
    }

    @Test
    void numbersWhoseSquaresOverflowAreFinite() {
        assertTrue(Vectors.isFinite(Nd4j.createFromArray(1e200, -1e300)));
        assertTrue(Vectors.isFinite(Nd4j.createFromArray(1e30f, -1e38f)));
    }
}
