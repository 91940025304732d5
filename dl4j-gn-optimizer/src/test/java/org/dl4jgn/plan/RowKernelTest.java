package org.dl4jgn.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.dl4jgn.linalg.HostMemory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Rows in Java, whatever their number. */
class RowKernelTest {

    /** a's elements times the number of their row, and the sum of each row. */
    private static void scaled(int rows, double[][] in, double[][] out) {
        int columns = in[0].length / rows;
        for (int i = 0; i < rows; i++) {
            for (int k = i * columns; k < (i + 1) * columns; k++) {
                out[0][k] = in[0][k] * in[1][i];
                out[1][i] += in[0][k];
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1,1", "1,5000", "7,3", "997,2", "1000,10", "4001,3"})
    void eachRowIsMetOnce(int rows, int columns) {
        for (DataType type : new DataType[] {DataType.FLOAT, DataType.DOUBLE}) {
            INDArray a = Nd4j.ones(type, rows, columns);
            INDArray number = Nd4j.arange(rows).castTo(type);
            INDArray product = Nd4j.valueArrayOf(new long[] {rows, columns}, Double.NaN, type);
            INDArray sums = Nd4j.zeros(type, rows);
            try (Program program = new Program()) {
                program.rows("scaled", new INDArray[] {a, number}, new INDArray[] {product, sums}, (n, in, out) -> {
                    Arrays.fill(out[1], 0);
                    scaled(n, in, out);
                });
                program.run();
            }
            for (int i = 0; i < rows; i++) {
                assertEquals(i, product.getDouble(i, 0));
                assertEquals(i, product.getDouble(i, columns - 1));
                assertEquals(columns, sums.getDouble(i));
            }
        }
    }

    @Test
    void memoryThatCannotBeAddressedIsRefused() {
        INDArray[] a = {Nd4j.ones(2, 2)};
        try (HostMemory.Hidden hidden = HostMemory.hide();
                Program program = new Program()) {
            IllegalStateException e =
                    assertThrows(IllegalStateException.class, () -> program.rows("name", a, a, (rows, in, out) -> {}));
            assertTrue(e.getMessage().contains("'name'"), hidden + ": " + e.getMessage());
        }
    }
}
