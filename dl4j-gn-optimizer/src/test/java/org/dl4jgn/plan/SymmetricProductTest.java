package org.dl4jgn.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.List;
import java.util.Random;
import org.dl4jgn.linalg.HostMemory;
import org.dl4jgn.plan.ProductCallTest.Layout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** AAᵀ and AᵀA, against sums of products in Java. */
class SymmetricProductTest {

    @ParameterizedTest
    @CsvSource({"1,1", "1,5", "2,1", "31,3", "32,3", "33,3", "65,40", "100,2"})
    void bothHalvesAreThere(int n, int inner) {
        Random random = new Random(n * 100 + inner);
        for (DataType type : List.of(DataType.FLOAT, DataType.DOUBLE)) {
            for (Layout layout : Layout.values()) {
                for (boolean isOfColumns : new boolean[] {false, true}) {
                    double[][] a = ProductCallTest.random(random, n, inner);
                    double[][] transposed = ProductCallTest.transposed(a);
                    INDArray given = layout.of(type, isOfColumns ? transposed : a);
                    INDArray out = Nd4j.valueArrayOf(new long[] {n, n}, Double.NaN, type);
                    String what = type + " " + layout + " " + isOfColumns;
                    try (Program program = new Program().matmul(given, isOfColumns, given, !isOfColumns, out)) {
                        assertInstanceOf(
                                SymmetricProduct.class, program.instructions().get(0), what);
                        program.run();
                    }
                    ProductCallTest.assertEqual(
                            ProductCallTest.expected(1, a, transposed, 0, new double[n][n]), out, what);
                }
            }
        }
    }

    /** Not symmetric, added to something, of two arrays, or not in the host's memory. */
    @Test
    void leavesOtherProductsAlone() {
        INDArray a = Nd4j.ones(DataType.FLOAT, 3, 3);
        INDArray out = Nd4j.ones(DataType.FLOAT, 3, 3);
        assertIsAnother(new Program().matmul(a, false, a, false, out), out, 3);
        assertIsAnother(new Program().matmul(a, true, a, true, out), out, 3);
        assertIsAnother(new Program().matmul(a, false, a.dup(), true, out), out, 3);
        assertIsAnother(new Program().matmul(a, false, a, true, out, 2, 1), out, 9);
        try (HostMemory.Hidden hidden = HostMemory.hide()) {
            assertIsAnother(new Program().matmul(a, false, a, true, out), out, 3);
            assertEquals(false, HostMemory.isAddressable(), hidden.toString());
        }
    }

    private static void assertIsAnother(Program program, INDArray out, double expected) {
        try (program) {
            assertEquals(false, program.instructions().get(0) instanceof SymmetricProduct);
            program.run();
            assertEquals(expected, out.minNumber().doubleValue());
            assertEquals(expected, out.maxNumber().doubleValue());
        }
    }
}
