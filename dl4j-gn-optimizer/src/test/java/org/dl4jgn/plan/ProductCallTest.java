package org.dl4jgn.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.dl4jgn.linalg.HostMemory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Products by OpenBLAS, against sums of products in Java. */
class ProductCallTest {

    /** How a matrix lies in memory. */
    enum Layout {
        ROWS {
            @Override
            INDArray of(DataType type, double[][] values) {
                return Nd4j.createFromArray(values).castTo(type).dup('c');
            }
        },
        COLUMNS {
            @Override
            INDArray of(DataType type, double[][] values) {
                return Nd4j.createFromArray(values).castTo(type).dup('f');
            }
        },
        ROWS_OF_A_LARGER_ONE {
            @Override
            INDArray of(DataType type, double[][] values) {
                return within(
                        Nd4j.valueArrayOf(larger(values), Double.NaN, type).dup('c'), values);
            }
        },
        COLUMNS_OF_A_LARGER_ONE {
            @Override
            INDArray of(DataType type, double[][] values) {
                return within(
                        Nd4j.valueArrayOf(larger(values), Double.NaN, type).dup('f'), values);
            }
        };

        abstract INDArray of(DataType type, double[][] values);

        private static long[] larger(double[][] values) {
            return new long[] {values.length + 3, values[0].length + 4};
        }

        private static INDArray within(INDArray larger, double[][] values) {
            INDArray view = larger.get(
                    NDArrayIndex.interval(2, 2 + values.length), NDArrayIndex.interval(3, 3 + values[0].length));
            view.assign(Nd4j.createFromArray(values).castTo(larger.dataType()));
            return view;
        }
    }

    /** Small integers, so that every sum is exact in whatever order. */
    static double[][] random(Random random, int rows, int columns) {
        double[][] matrix = new double[rows][columns];
        for (double[] row : matrix) {
            for (int j = 0; j < columns; j++) {
                row[j] = random.nextInt(17) - 8;
            }
        }
        return matrix;
    }

    static double[][] transposed(double[][] matrix) {
        double[][] result = new double[matrix[0].length][matrix.length];
        for (int i = 0; i < matrix.length; i++) {
            for (int j = 0; j < matrix[0].length; j++) {
                result[j][i] = matrix[i][j];
            }
        }
        return result;
    }

    static double[][] expected(double alpha, double[][] a, double[][] b, double beta, double[][] before) {
        double[][] c = new double[a.length][b[0].length];
        for (int i = 0; i < c.length; i++) {
            for (int j = 0; j < c[0].length; j++) {
                double sum = 0;
                for (int k = 0; k < b.length; k++) {
                    sum += a[i][k] * b[k][j];
                }
                c[i][j] = alpha * sum + (beta == 0 ? 0 : beta * before[i][j]);
            }
        }
        return c;
    }

    static void assertEqual(double[][] expected, INDArray actual, String what) {
        for (int i = 0; i < expected.length; i++) {
            for (int j = 0; j < expected[0].length; j++) {
                assertEquals(expected[i][j], actual.getDouble(i, j), what + " at " + i + ", " + j);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1,1,1", "1,5,3", "4,1,3", "4,5,1", "1,7,1", "3,1,1", "1,1,6", "6,4,5"})
    void multipliesMatricesHoweverTheyLie(int rows, int inner, int columns) {
        Random random = new Random(rows * 100 + inner * 10 + columns);
        List<String> tried = new ArrayList<>();
        for (DataType type : List.of(DataType.FLOAT, DataType.DOUBLE)) {
            for (Layout layoutA : Layout.values()) {
                for (Layout layoutB : Layout.values()) {
                    for (int flags = 0; flags < 8; flags++) {
                        boolean ofA = (flags & 1) != 0;
                        boolean ofB = (flags & 2) != 0;
                        boolean adds = (flags & 4) != 0;
                        double[][] a = random(random, rows, inner);
                        double[][] b = random(random, inner, columns);
                        double[][] before = random(random, rows, columns);
                        INDArray given = layoutA.of(type, ofA ? transposed(a) : a);
                        INDArray with = layoutB.of(type, ofB ? transposed(b) : b);
                        INDArray out = Layout.ROWS_OF_A_LARGER_ONE.of(type, before);
                        String what = type + " " + layoutA + " " + layoutB + " " + flags;
                        try (Program program = new Program()) {
                            if (adds) {
                                program.matmul(given, ofA, with, ofB, out, -2, 3);
                            } else {
                                out.assign(Double.NaN);
                                program.matmul(given, ofA, with, ofB, out);
                            }
                            assertInstanceOf(
                                    ProductCall.class, program.instructions().get(0), what);
                            program.run();
                        }
                        assertEqual(adds ? expected(-2, a, b, 3, before) : expected(1, a, b, 0, before), out, what);
                        tried.add(what);
                    }
                }
            }
        }
        assertEquals(256, tried.size());
    }

    @ParameterizedTest
    @CsvSource({"FLOAT, false", "DOUBLE, false", "FLOAT, true", "DOUBLE, true"})
    void readsWhatTakesTheOperandsPlace(DataType type, boolean isOfOne) {
        INDArray a = Layout.ROWS.of(type, new double[][] {{1, 2}, {3, 4}});
        INDArray b = isOfOne ? a : a.dup();
        INDArray other = Layout.ROWS.of(type, new double[][] {{0, 1}, {1, 0}});
        INDArray out = Nd4j.create(type, 2, 2);
        try (Program program = new Program().matmul(a, false, b, true, out)) {
            assertEquals(
                    isOfOne ? SymmetricProduct.class : ProductCall.class,
                    program.instructions().get(0).getClass());
            program.run();
            assertEqual(new double[][] {{5, 11}, {11, 25}}, out, "a·aᵀ");
            program.rebind(a, other);
            program.rebind(b, other);
            program.run();
            assertEqual(new double[][] {{1, 0}, {0, 1}}, out, "another a");
        }
    }

    /** What is large, mixed in type, strided both ways, column by column as a result, or not in the host's memory. */
    @Test
    void leavesToNd4jWhatIsFasterOrOnlyPossibleThere() {
        INDArray small = Nd4j.ones(DataType.FLOAT, 4, 4);
        INDArray large = Nd4j.ones(DataType.FLOAT, 300, 300);
        INDArray apart =
                Nd4j.ones(DataType.FLOAT, 8, 8).get(NDArrayIndex.interval(0, 2, 8), NDArrayIndex.interval(0, 2, 8));
        INDArray byColumns = Nd4j.createUninitialized(DataType.FLOAT, new long[] {4, 4}, 'f');
        assertByNd4j(large, large, large.ulike(), 300);
        assertByNd4j(apart, small, small.ulike(), 4);
        assertByNd4j(small, apart, small.ulike(), 4);
        assertByNd4j(small, small, byColumns, 4);
        assertByNd4j(
                Nd4j.ones(DataType.FLOAT, 30_000, 2),
                Nd4j.ones(DataType.FLOAT, 2, 1),
                Nd4j.create(DataType.FLOAT, 30_000, 1),
                2);
        try (HostMemory.Hidden hidden = HostMemory.hide()) {
            assertByNd4j(small, small, small.ulike(), 4);
            assertEquals(false, HostMemory.isAddressable(), hidden.toString());
        }
    }

    private static void assertByNd4j(INDArray a, INDArray b, INDArray out, double expected) {
        try (Program program = new Program().matmul(a, false, b, false, out)) {
            assertInstanceOf(PreparedCall.class, program.instructions().get(0));
            program.run();
            assertEquals(expected, out.minNumber().doubleValue());
            assertEquals(expected, out.maxNumber().doubleValue());
        }
    }
}
