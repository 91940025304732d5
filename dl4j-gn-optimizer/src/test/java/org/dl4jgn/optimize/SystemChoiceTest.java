package org.dl4jgn.optimize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.dl4jgn.gram.SystemKind;
import org.junit.jupiter.api.Test;

/** The policy that picks the system of an EGN step. */
class SystemChoiceTest {

    private static final SystemChoice.Cost SMALL = new SystemChoice.Cost(100, 1_000, 10);
    private static final SystemChoice.Cost LARGE = new SystemChoice.Cost(200, 2_000, 20);

    @Test
    void takesTheSystemOfLessWork() {
        SystemChoice choice = new SystemChoice(1_000, 1_000_000);
        assertEquals(Optional.of(SystemKind.GRAM), choice.choose(SMALL, LARGE));
        assertEquals(Optional.of(SystemKind.PARAMETERS), choice.choose(LARGE, SMALL));
        assertEquals(Optional.of(SystemKind.GRAM), choice.choose(SMALL, SMALL));
    }

    @Test
    void takesTheOtherWhereOneHasTooManyRows() {
        SystemChoice choice = new SystemChoice(150, 1_000_000);
        assertEquals(Optional.of(SystemKind.PARAMETERS), choice.choose(new SystemChoice.Cost(200, 1, 1), SMALL));
        assertEquals(Optional.of(SystemKind.GRAM), choice.choose(SMALL, new SystemChoice.Cost(200, 1, 1)));
    }

    @Test
    void takesTheOtherWhereOneNeedsTooMuchMemory() {
        SystemChoice choice = new SystemChoice(1_000, 1_500);
        assertEquals(Optional.of(SystemKind.PARAMETERS), choice.choose(new SystemChoice.Cost(1, 2_000, 1), SMALL));
        assertEquals(Optional.of(SystemKind.GRAM), choice.choose(SMALL, new SystemChoice.Cost(1, 2_000, 1)));
    }

    @Test
    void takesNoneWhereNoneIsAllowed() {
        assertEquals(Optional.empty(), new SystemChoice(99, 1_000_000).choose(SMALL, LARGE));
        assertEquals(Optional.empty(), new SystemChoice(1_000, 999).choose(SMALL, LARGE));
    }

    @Test
    void limitsAreInclusive() {
        assertEquals(Optional.of(SystemKind.GRAM), new SystemChoice(100, 1_000).choose(SMALL, LARGE));
    }

    @Test
    void memoryLimitHasADefault() {
        assertEquals(123, SystemChoice.within(10, 123).byteLimit());
        assertTrue(SystemChoice.within(10, 0).byteLimit() > 1 << 20);
    }
}
