package org.dl4jgn.optimize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.dl4jgn.problem.DampedSystem;
import org.dl4jgn.problem.RowSpace.SystemOffer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;

/** The policy that picks the system of an EGN step. */
class SystemChoiceTest {

    private static final Cost SMALL = new Cost("small", 100, 1_000, 10);
    private static final Cost LARGE = new Cost("large", 200, 2_000, 20);
    private static final Cost EQUAL = new Cost("equal to small", 100, 1_000, 10);

    /** A system that cannot be opened. */
    private record Cost(String name, long size, long bytes, double work) implements SystemOffer {

        @Override
        public long bytes(DataType type) {
            return bytes;
        }

        @Override
        public DampedSystem open(DataType type, long limit) {
            throw new UnsupportedOperationException(name);
        }
    }

    private static Optional<SystemOffer> choose(long rowLimit, long byteLimit, Cost... systems) {
        return new SystemChoice(rowLimit, byteLimit).choose(List.of(systems), system -> system.bytes(DataType.DOUBLE));
    }

    @Test
    void takesTheSystemOfLessWork() {
        assertEquals(Optional.of(SMALL), choose(1_000, 1_000_000, SMALL, LARGE));
        assertEquals(Optional.of(SMALL), choose(1_000, 1_000_000, LARGE, SMALL));
        assertEquals(Optional.of(SMALL), choose(1_000, 1_000_000, SMALL, EQUAL), "the first");
    }

    @Test
    void takesTheOtherWhereOneHasTooManyRows() {
        assertEquals(Optional.of(SMALL), choose(150, 1_000_000, new Cost("quick", 200, 1, 1), SMALL));
        assertEquals(Optional.of(SMALL), choose(150, 1_000_000, SMALL, new Cost("quick", 200, 1, 1)));
    }

    @Test
    void takesTheOtherWhereOneNeedsTooMuchMemory() {
        assertEquals(Optional.of(SMALL), choose(1_000, 1_500, new Cost("quick", 1, 2_000, 1), SMALL));
        assertEquals(Optional.of(SMALL), choose(1_000, 1_500, SMALL, new Cost("quick", 1, 2_000, 1)));
    }

    @Test
    void takesNoneWhereNoneIsAllowed() {
        assertEquals(Optional.empty(), choose(99, 1_000_000, SMALL, LARGE));
        assertEquals(Optional.empty(), choose(1_000, 999, SMALL, LARGE));
    }

    @Test
    void limitsAreInclusive() {
        assertEquals(Optional.of(SMALL), choose(100, 1_000, SMALL, LARGE));
    }

    @Test
    void memoryLimitHasADefault() {
        assertEquals(123, SystemChoice.within(10, 123).byteLimit());
        assertTrue(SystemChoice.within(10, 0).byteLimit() > 1 << 20);
    }
}
