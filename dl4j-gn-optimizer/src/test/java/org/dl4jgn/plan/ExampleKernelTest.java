package org.dl4jgn.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.dl4jgn.ops.IndexMap;
import org.dl4jgn.testing.Networks;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The loops over examples, in the arrays' own memory and on copies of it, as on a backend other than the CPU. */
class ExampleKernelTest {

    private static final int[] SOURCES = {2, 3, IndexMap.NONE, 0, 2, 1, IndexMap.NONE};

    private static final IndexMap MAP = IndexMap.of(SOURCES, 4);

    @AfterEach
    void ownMemoryAgain() {
        ExampleKernel.copies = false;
    }

    private static INDArray array(DataType type, long... shape) {
        return Networks.normal(1, 1.0, shape).castTo(type);
    }

    @ParameterizedTest
    @CsvSource({"FLOAT, false", "FLOAT, true", "DOUBLE, false", "DOUBLE, true"})
    void picksAndScatters(DataType type, boolean copies) {
        ExampleKernel.copies = copies;
        INDArray x = array(type, 3, 4);
        INDArray y = array(type, 3, 7);
        INDArray sums = Nd4j.ones(type, 3, 4);
        IndexKernels.pick(MAP, x, y).run();
        IndexKernels.scatter(MAP, y, sums).run();
        for (int i = 0; i < 3; i++) {
            double[] expected = new double[4];
            for (int j = 0; j < SOURCES.length; j++) {
                double element = SOURCES[j] == IndexMap.NONE ? 0 : x.getDouble(i, SOURCES[j]);
                assertEquals(element, y.getDouble(i, j));
                if (SOURCES[j] != IndexMap.NONE) {
                    expected[SOURCES[j]] += element;
                }
            }
            assertEquals(Nd4j.createFromArray(expected).castTo(type), sums.getRow(i));
        }
    }

    @ParameterizedTest
    @CsvSource({"FLOAT, false", "FLOAT, true", "DOUBLE, false", "DOUBLE, true"})
    void findsMaximaTakesThemAndPutsThemBack(DataType type, boolean copies) {
        ExampleKernel.copies = copies;
        INDArray x = Nd4j.createFromArray(new double[][] {{-2, -1, -1, -3}, {0, 5, 4, 5}})
                .castTo(type);
        IndexMap windows = IndexMap.of(new int[] {0, 1, 2, IndexMap.NONE, 3, 1}, 4);
        INDArray y = Nd4j.zeros(type, 2, 2);
        INDArray indices = Nd4j.zeros(DataType.INT, 2, 2);
        IndexKernels.windowMaximum(windows, x, y, indices).run();
        assertEquals(Nd4j.createFromArray(new double[][] {{-1, -1}, {5, 5}}).castTo(type), y);
        assertEquals(Nd4j.createFromArray(new int[][] {{1, 1}, {1, 3}}), indices, "the first of equal elements");
        INDArray taken = Nd4j.zeros(type, 2, 2);
        INDArray put = Nd4j.ones(type, 2, 4);
        IndexKernels.take(2, x, indices, taken).run();
        IndexKernels.put(2, y, indices, put).run();
        assertEquals(y, taken);
        assertEquals(
                Nd4j.createFromArray(new double[][] {{0, -2, 0, 0}, {0, 5, 0, 5}})
                        .castTo(type),
                put);
    }

    @ParameterizedTest
    @CsvSource({"1, 40000", "40000, 1", "7, 9000"})
    void examplesAreSharedBetweenThreads(int examples, int length) {
        INDArray x = array(DataType.FLOAT, examples, length);
        INDArray y = Nd4j.zeros(DataType.FLOAT, examples, length);
        new ExampleKernel(
                        "copy",
                        examples,
                        List.of(x),
                        List.of(y),
                        (in, out) -> System.arraycopy(in[0], 0, out[0], 0, length))
                .run();
        assertEquals(x, y);
    }
}
