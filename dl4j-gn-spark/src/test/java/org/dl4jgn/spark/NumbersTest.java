package org.dl4jgn.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Arrays of ND4J, wherever their elements lie in memory, and Java's. */
class NumbersTest {

    private static INDArray table(DataType type) {
        return Nd4j.arange(24).castTo(type).reshape('c', 4, 6);
    }

    static Stream<Arguments> arrays() {
        return Stream.of(DataType.FLOAT, DataType.DOUBLE).flatMap(type -> {
            INDArray table = table(type);
            return Stream.of(
                            table,
                            table.dup('f'),
                            table.transpose(),
                            table.getColumn(2),
                            table.getRow(3),
                            table.get(NDArrayIndex.interval(1, 3), NDArrayIndex.all()),
                            table.get(NDArrayIndex.all(), NDArrayIndex.interval(2, 5)),
                            table.get(NDArrayIndex.interval(1, 2), NDArrayIndex.interval(2, 3)))
                    .map(Arguments::of);
        });
    }

    @ParameterizedTest
    @MethodSource("arrays")
    void areTheElementsRowByRow(INDArray array) {
        double[] expected = array.dup('c').data().asDouble();
        Numbers numbers = Numbers.of(array);
        double[] sum = new double[expected.length];
        numbers.addTo(sum);
        assertArrayEquals(expected, sum);
        assertEquals(array, numbers.array(array.shape()));
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT", "DOUBLE"})
    void areWrittenIntoPartsOfArrays(DataType type) {
        Numbers numbers =
                Numbers.of(Nd4j.createFromArray(-1.0, -2.0, -3.0, -4.0).castTo(type));
        INDArray rows = table(type);
        numbers.copyTo(rows.reshape(24).get(NDArrayIndex.interval(7, 11)));
        INDArray expected = table(type);
        for (int i = 0; i < 4; i++) {
            expected.putScalar(7 + i, -1 - i);
        }
        assertEquals(expected, rows);
        INDArray columns = table(type);
        numbers.copyTo(columns.getColumn(1));
        for (int i = 0; i < 4; i++) {
            assertEquals(-1 - i, columns.getDouble(i, 1));
        }
        assertEquals(2, columns.getDouble(0, 2));
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"FLOAT", "DOUBLE"})
    void numbersAreJoinedAndTakenApart(DataType type) {
        Numbers first = Numbers.of(Nd4j.createFromArray(1.0, 2.0, 3.0).castTo(type));
        Numbers second = Numbers.of(Nd4j.createFromArray(7.0, -2.0).castTo(type));
        Numbers joined = first.followedBy(second);
        assertEquals(5, joined.length());
        assertEquals(first, joined.range(0, 3));
        assertEquals(second, joined.range(3, 5));
    }
}
