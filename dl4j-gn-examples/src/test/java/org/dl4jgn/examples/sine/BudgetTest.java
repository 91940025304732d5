package org.dl4jgn.examples.sine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class BudgetTest {

    @Test
    void secondsLimitTimeAlone() {
        assertFalse(Budget.seconds(2).isSpent(1_000, 1.9));
        assertTrue(Budget.seconds(2).isSpent(1, 2.0));
    }

    @Test
    void epochsLimitEpochsAlone() {
        assertFalse(Budget.epochs(3).isSpent(2, 1e6));
        assertTrue(Budget.epochs(3).isSpent(3, 0));
    }

    @Test
    void noTimeIsRefused() {
        assertEquals(
                "the training time is 0.0 s, but must be greater than 0",
                assertThrows(IllegalArgumentException.class, () -> Budget.seconds(0))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> Budget.seconds(Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> Budget.epochs(-1));
    }

    @Test
    void readsAsATime() {
        assertEquals("12 s", Budget.seconds(12).toString());
        assertEquals("0.5 s", Budget.seconds(0.5).toString());
        assertEquals("60 epochs", Budget.epochs(60).toString());
    }
}
