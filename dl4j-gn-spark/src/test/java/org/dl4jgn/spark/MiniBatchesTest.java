package org.dl4jgn.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MiniBatchesTest {

    @Test
    void piecesAreAllExamplesOnce() {
        int steps = MiniBatches.of(30).steps(103);
        assertEquals(4, steps);
        int[] all = IntStream.range(0, steps)
                .flatMap(i -> Arrays.stream(MiniBatches.of(30).at(i, 103, 1).rows(2, 17)))
                .toArray();
        assertArrayEquals(IntStream.range(0, 17).toArray(), all);
    }

    @Test
    void theSameEpochComesAgain() {
        MiniBatches batches = MiniBatches.of(30);
        assertEquals(batches.at(1, 103, 1), batches.at(5, 103, 1));
    }

    @Test
    void aSampleIsOfTheFractionAndWithoutRepetition() {
        Selection sample = MiniBatches.sampled(0.1).at(3, 1000, 42);
        int[] rows = sample.rows(1, 200);
        assertEquals(20, rows.length);
        assertEquals(20, Arrays.stream(rows).distinct().count());
        assertEquals(20, sample.count(200));
    }

    @Test
    void aSampleIsAFunctionOfSeedIterationAndPartition() {
        MiniBatches batches = MiniBatches.sampled(0.1);
        int[] rows = batches.at(3, 1000, 42).rows(1, 200);
        assertArrayEquals(rows, batches.at(3, 1000, 42).rows(1, 200));
        assertFalse(Arrays.equals(rows, batches.at(4, 1000, 42).rows(1, 200)));
        assertFalse(Arrays.equals(rows, batches.at(3, 1000, 43).rows(1, 200)));
        assertFalse(Arrays.equals(rows, batches.at(3, 1000, 42).rows(2, 200)));
    }

    @Test
    void samplesReachEveryExample() {
        MiniBatches batches = MiniBatches.sampled(0.25);
        long reached = IntStream.range(0, 60)
                .flatMap(i -> Arrays.stream(batches.at(i, 40, 7).rows(0, 40)))
                .distinct()
                .count();
        assertEquals(40, reached);
    }

    @Test
    void sharesAreDisjointAndOfTheSameSize() {
        Selection whole = MiniBatches.sampled(0.5).at(3, 1000, 42);
        int[] shares = IntStream.range(0, 3)
                .flatMap(i -> Arrays.stream(whole.share(i, 3).rows(0, 62)))
                .toArray();
        assertEquals(30, shares.length);
        assertEquals(30, Arrays.stream(shares).distinct().count());
        assertEquals(10, whole.share(1, 3).count(62));
        assertTrue(Arrays.stream(whole.rows(0, 62))
                .boxed()
                .toList()
                .containsAll(Arrays.stream(shares).boxed().toList()));
    }

    @Test
    void settingsOutOfRangeAreRefusedByName() {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> MiniBatches.of(0))
                .getMessage()
                .contains("size of a mini-batch is 0"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> MiniBatches.sampled(1.5))
                .getMessage()
                .contains("fraction is 1.5"));
    }
}
