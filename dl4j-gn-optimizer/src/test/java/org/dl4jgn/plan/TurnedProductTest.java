package org.dl4jgn.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import java.util.Random;
import org.dl4jgn.linalg.Buffers;
import org.dl4jgn.linalg.HostMemory;
import org.dl4jgn.plan.ProductCallTest.Layout;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** AᵀB as the transpose of BᵀA, against sums of products in Java. */
class TurnedProductTest {

    private static final Arguments OF_COLUMNS = Arguments.integers(1, 0, 0);

    @Test
    void multipliesLongColumnsAndWhatTakesTheirPlace() {
        Random random = new Random(1);
        double[][] a = ProductCallTest.random(random, 520, 300);
        double[][] other = ProductCallTest.random(random, 520, 300);
        double[][] b = ProductCallTest.random(random, 520, 7);
        INDArray first = Layout.ROWS.of(DataType.DOUBLE, a);
        INDArray second = Layout.ROWS.of(DataType.DOUBLE, other);
        INDArray out = Nd4j.valueArrayOf(new long[] {300, 7}, Double.NaN, DataType.DOUBLE);
        double[][] zeros = new double[300][7];
        try (Buffers buffers = new Buffers();
                Instruction product = of(first, Layout.ROWS.of(DataType.DOUBLE, b), OF_COLUMNS, out, buffers)
                        .orElseThrow()) {
            product.run();
            ProductCallTest.assertEqual(
                    ProductCallTest.expected(1, ProductCallTest.transposed(a), b, 0, zeros), out, "AᵀB");
            product.rebind(first, second);
            product.run();
            ProductCallTest.assertEqual(
                    ProductCallTest.expected(1, ProductCallTest.transposed(other), b, 0, zeros), out, "another A");
        }
    }

    /** Other transposes, types and shapes, results that are not dense, and memory that cannot be addressed. */
    @Test
    void leavesOtherProductsAlone() {
        INDArray a = Nd4j.ones(DataType.DOUBLE, 520, 300);
        INDArray b = Nd4j.ones(DataType.DOUBLE, 520, 7);
        INDArray out = Nd4j.create(DataType.DOUBLE, 300, 7);
        INDArray floats = a.castTo(DataType.FLOAT);
        try (Buffers buffers = new Buffers()) {
            assertIsNone(of(a, b, Arguments.integers(0, 0, 0), out, buffers));
            assertIsNone(of(a, b, Arguments.integers(1, 1, 0), out, buffers));
            assertIsNone(of(floats, b.castTo(DataType.FLOAT), OF_COLUMNS, out.castTo(DataType.FLOAT), buffers));
            assertIsNone(of(Nd4j.ones(DataType.DOUBLE, 511, 300), b, OF_COLUMNS, out, buffers));
            assertIsNone(of(Nd4j.ones(DataType.DOUBLE, 520, 255), b, OF_COLUMNS, out, buffers));
            assertIsNone(of(a, Nd4j.ones(DataType.DOUBLE, 520, 65), OF_COLUMNS, out, buffers));
            assertIsNone(of(a, b, OF_COLUMNS, Nd4j.create(DataType.DOUBLE, new long[] {300, 7}, 'f'), buffers));
            try (HostMemory.Hidden hidden = HostMemory.hide()) {
                assertIsNone(of(a, b, OF_COLUMNS, out, buffers));
                assertEquals(false, HostMemory.isAddressable(), hidden.toString());
            }
            assertEquals(0, buffers.bytes());
        }
    }

    private static Optional<Instruction> of(
            INDArray a, INDArray b, Arguments transposes, INDArray out, Buffers buffers) {
        return TurnedProduct.of(a, b, transposes, out, buffers);
    }

    private static void assertIsNone(Optional<Instruction> product) {
        assertEquals(Optional.empty(), product);
    }
}
