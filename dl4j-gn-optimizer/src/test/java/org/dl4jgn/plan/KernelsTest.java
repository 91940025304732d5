package org.dl4jgn.plan;

import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.dl4jgn.testing.Tolerances.products;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.dl4jgn.linalg.Buffers;
import org.dl4jgn.linalg.HostMemory;
import org.dl4jgn.ops.IndexMap;
import org.dl4jgn.testing.Networks;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** This library's own operations, as loops on host memory and as operations of any backend. */
class KernelsTest {

    private static final int[] SOURCES = {2, 3, IndexMap.NONE, 0, 2, 1, IndexMap.NONE};

    private final Buffers buffers = new Buffers();

    private interface Maker {
        Kernels make(Buffers buffers);
    }

    /** Both kinds in both types. */
    static Stream<Arguments> kinds() {
        List<Arguments> all = new ArrayList<>();
        for (DataType type : List.of(DataType.FLOAT, DataType.DOUBLE)) {
            all.add(Arguments.of("host", (Maker) HostKernels::new, type));
            all.add(Arguments.of("backend", (Maker) BackendKernels::new, type));
        }
        return all.stream();
    }

    @AfterEach
    void close() {
        buffers.close();
    }

    private static INDArray array(DataType type, long... shape) {
        return Networks.normal(1, 1.0, shape).castTo(type);
    }

    private interface Writing {
        void write(Program program);
    }

    private static void run(Writing writing) {
        try (Program program = new Program()) {
            writing.write(program);
            program.run();
            program.run();
        }
    }

    static Stream<Arguments> maps() {
        List<int[]> maps = List.of(
                SOURCES,
                new int[] {3, 2, 1, 0},
                new int[] {1, 1, 1, 3, 3, 1},
                new int[] {IndexMap.NONE, 0, 1, 2, 3, IndexMap.NONE},
                new int[] {2});
        return kinds().flatMap(kind ->
                maps.stream().map(map -> Arguments.of(kind.get()[0], kind.get()[1], kind.get()[2], map)));
    }

    @ParameterizedTest
    @MethodSource("maps")
    void picksAndScatters(String kind, Maker maker, DataType type, int[] sources) {
        IndexMap map = IndexMap.of(sources, 4);
        Kernels kernels = maker.make(buffers);
        INDArray x = array(type, 3, 2, 2);
        INDArray y = Nd4j.ones(type, 3, sources.length);
        INDArray sums = Nd4j.ones(type, 3, 4);
        run(program -> kernels.pick(program, map, x, y));
        run(program -> kernels.scatter(program, map, y, sums));
        for (int i = 0; i < 3; i++) {
            double[] expected = new double[4];
            for (int j = 0; j < sources.length; j++) {
                double element =
                        sources[j] == IndexMap.NONE ? 0 : x.reshape(3, 4).getDouble(i, sources[j]);
                assertEquals(element, y.getDouble(i, j));
                if (sources[j] != IndexMap.NONE) {
                    expected[sources[j]] += element;
                }
            }
            assertClose(Nd4j.createFromArray(expected).castTo(type), sums.getRow(i), products(type), "sums");
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void findsMaximaTakesThemAndPutsThemBack(String kind, Maker maker, DataType type) {
        Kernels kernels = maker.make(buffers);
        INDArray x = Nd4j.createFromArray(new double[][] {{-2, -1, -1, -3}, {0, 5, 4, 5}})
                .castTo(type);
        IndexMap windows = IndexMap.of(new int[] {0, 1, 2, IndexMap.NONE, 3, 1}, 4);
        INDArray y = Nd4j.zeros(type, 2, 2);
        INDArray indices = Nd4j.zeros(DataType.INT, 2, 2);
        run(program -> kernels.windowMaximum(program, windows, x, y, indices));
        assertEquals(Nd4j.createFromArray(new double[][] {{-1, -1}, {5, 5}}).castTo(type), y);
        assertEquals(Nd4j.createFromArray(new int[][] {{1, 1}, {1, 3}}), indices, "the first of equal elements");
        INDArray taken = Nd4j.zeros(type, 2, 2);
        INDArray put = Nd4j.ones(type, 2, 4);
        run(program -> kernels.take(program, windows, x, indices, taken));
        run(program -> kernels.put(program, windows, y, indices, put));
        assertEquals(y, taken);
        assertEquals(
                Nd4j.createFromArray(new double[][] {{0, -2, 0, 0}, {0, 5, 0, 5}})
                        .castTo(type),
                put);
    }

    /** Windows that do not overlap and leave nothing out: each element is in one. */
    @ParameterizedTest
    @MethodSource("kinds")
    void tiledWindows(String kind, Maker maker, DataType type) {
        Kernels kernels = maker.make(buffers);
        INDArray x = Nd4j.createFromArray(new double[][] {{1, 2, 4, 3}, {0, -1, 7, 7}})
                .castTo(type);
        IndexMap windows = IndexMap.identity(4);
        INDArray y = Nd4j.zeros(type, 2, 2);
        INDArray indices = Nd4j.zeros(DataType.INT, 2, 2);
        INDArray put = Nd4j.ones(type, 2, 4);
        run(program -> kernels.windowMaximum(program, windows, x, y, indices));
        run(program -> kernels.put(program, windows, y, indices, put));
        assertEquals(Nd4j.createFromArray(new int[][] {{1, 2}, {0, 2}}), indices);
        assertEquals(
                Nd4j.createFromArray(new double[][] {{0, 2, 4, 0}, {0, 0, 7, 0}})
                        .castTo(type),
                put);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void rowsOfClassIndices(String kind, Maker maker, DataType type) {
        Kernels kernels = maker.make(buffers);
        INDArray indices = Nd4j.createFromArray(new double[][] {{2}, {0}, {1}}).castTo(type);
        INDArray rows = Nd4j.ones(type, 3, 3);
        try (Program program = new Program()) {
            kernels.oneHotRows(program, indices, rows);
            program.run();
            assertEquals(
                    Nd4j.createFromArray(new double[][] {{0, 0, 1}, {1, 0, 0}, {0, 1, 0}})
                            .castTo(type),
                    rows);
            for (double index : new double[] {3, -1, 0.5}) {
                indices.putScalar(1, 0, index);
                Exception thrown = assertThrows(IllegalArgumentException.class, program::run);
                assertEquals(
                        "Features of an embedding must hold class indices from 0 to 2, got " + index,
                        thrown.getMessage());
            }
            indices.putScalar(1, 0, 2);
            program.run();
            assertEquals(1.0, rows.getDouble(1, 2));
        }
    }

    /** What is read under another shape is read of the array that is bound now. */
    @ParameterizedTest
    @MethodSource("kinds")
    void readsTheArrayThatIsBound(String kind, Maker maker, DataType type) {
        IndexMap map = IndexMap.of(SOURCES, 4);
        INDArray x = array(type, 3, 2, 2);
        INDArray other = x.mul(-2);
        INDArray y = Nd4j.zeros(type, 3, 7);
        INDArray sums = Nd4j.zeros(type, 3, 4);
        try (Program program = new Program()) {
            Kernels kernels = maker.make(buffers);
            kernels.pick(program, map, x, y);
            kernels.scatter(program, IndexMap.identity(4), x, sums);
            program.rebind(x, other);
            program.run();
        }
        assertEquals(other.getDouble(0, 1, 0), y.getDouble(0, 0));
        assertEquals(other.reshape(3, 4), sums);
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

    /** The kernels of a backend are registered operations of ND4J, but for the check of indices, and own what they need. */
    @Test
    void aBackendRunsItsOwnOperations() {
        INDArray x = array(DataType.FLOAT, 3, 4);
        try (HostMemory.Hidden hidden = HostMemory.hide();
                Program program = new Program()) {
            assertInstanceOf(BackendKernels.class, Kernels.create(buffers), hidden.toString());
            Kernels.create(buffers).scatter(program, IndexMap.of(SOURCES, 4), Nd4j.ones(3, 7), x);
            assertEquals(List.of("concat", "gather", "reduce_sum"), program.opNames());
            assertTrue(program.instructions().stream().allMatch(i -> i instanceof PreparedCall));
        }
        assertTrue(buffers.bytes() > 0);
        assertInstanceOf(HostKernels.class, Kernels.create(buffers));
    }
}
