package org.dl4jgn.bench.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Expected values are what NumPy 2.4 and Python 3.11 print. */
class MersenneStreamTest {

    @Test
    void normalsAreThoseOfNumpy() {
        MersenneStream random = MersenneStream.numpy(10);
        double[] expected = {1.3315865, 0.71527897, -1.54540029, -0.00838385, 0.62133597, -0.72008556};
        assertArrayEquals(
                expected, DoubleStream.generate(random::normal).limit(6).toArray(), 5e-9);
    }

    @Test
    void numpyShuffles() {
        int[] items = IntStream.range(0, 506).toArray();
        MersenneStream.numpy(113).shuffle(items);
        assertArrayEquals(
                new int[] {22, 202, 368, 335, 461}, IntStream.of(items).limit(5).toArray());
    }

    @Test
    void pythonShuffles() {
        int[] items = IntStream.range(0, 10).toArray();
        MersenneStream.python(1).shuffle(items);
        assertArrayEquals(new int[] {6, 8, 9, 7, 5, 3, 0, 4, 1, 2}, items);
    }
}
