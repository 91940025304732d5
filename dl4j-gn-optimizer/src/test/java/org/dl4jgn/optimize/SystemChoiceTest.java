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

    private record Offer(String name, long size, long doubles, double work) implements SystemOffer {

        @Override
        public long bytes(DataType type) {
            return doubles * type.width();
        }

        @Override
        public DampedSystem open(DataType type, long limit) {
            throw new UnsupportedOperationException();
        }
    }

    private static final Offer SMALL = new Offer("small", 100, 125, 10);
    private static final Offer LARGE = new Offer("large", 200, 250, 20);

    private static Optional<SystemOffer> choose(SystemChoice choice, SystemOffer... offers) {
        return choice.choose(List.of(offers), offer -> DataType.DOUBLE);
    }

    @Test
    void takesTheSystemOfLessWork() {
        SystemChoice choice = new SystemChoice(1_000, 1_000_000);
        assertEquals(Optional.of(SMALL), choose(choice, SMALL, LARGE));
        assertEquals(Optional.of(SMALL), choose(choice, LARGE, SMALL));
        assertEquals(Optional.of(LARGE), choose(choice, LARGE));
    }

    @Test
    void takesTheFirstOfEquals() {
        Offer other = new Offer("other", 100, 125, 10);
        assertEquals(Optional.of(SMALL), choose(new SystemChoice(1_000, 1_000_000), SMALL, other));
        assertEquals(Optional.of(other), choose(new SystemChoice(1_000, 1_000_000), other, SMALL));
    }

    @Test
    void takesAnotherWhereOneHasTooManyRows() {
        SystemChoice choice = new SystemChoice(150, 1_000_000);
        assertEquals(Optional.of(SMALL), choose(choice, new Offer("tall", 200, 1, 1), SMALL));
    }

    @Test
    void takesAnotherWhereOneNeedsTooMuchMemory() {
        SystemChoice choice = new SystemChoice(1_000, 1_500);
        assertEquals(Optional.of(SMALL), choose(choice, new Offer("wide", 1, 250, 1), SMALL));
    }

    @Test
    void memoryIsThatOfTheTypeThatIsFactored() {
        SystemChoice choice = new SystemChoice(1_000, 1_000);
        assertEquals(Optional.empty(), choice.choose(List.of(LARGE), offer -> DataType.DOUBLE));
        assertEquals(Optional.of(LARGE), choice.choose(List.of(LARGE), offer -> DataType.FLOAT));
    }

    @Test
    void takesNoneWhereNoneIsAllowed() {
        assertEquals(Optional.empty(), choose(new SystemChoice(99, 1_000_000), SMALL, LARGE));
        assertEquals(Optional.empty(), choose(new SystemChoice(1_000, 999), SMALL, LARGE));
        assertEquals(Optional.empty(), choose(new SystemChoice(1_000, 1_000_000)));
    }

    @Test
    void limitsAreInclusive() {
        assertEquals(Optional.of(SMALL), choose(new SystemChoice(100, 1_000), SMALL, LARGE));
    }

    @Test
    void memoryLimitHasADefault() {
        assertEquals(123, SystemChoice.within(10, 123).byteLimit());
        assertTrue(SystemChoice.within(10, 0).byteLimit() > 1 << 20);
    }
}
