package org.dl4jgn.conf;

import static org.dl4jgn.testing.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.dl4jgn.testing.Tolerances;
import org.junit.jupiter.api.Test;

/** The pace as a rule of its own, without a network. */
class PaceTest {

    private static final Pace PACE = Pace.standard();

    private static Pace.State after(int steps, double quality) {
        Pace.State state = PACE.initial();
        for (int i = 0; i < steps; i++) {
            state = PACE.validated(state, quality * 0.7, 0.7, false);
        }
        return state;
    }

    @Test
    void whatIsPromisedAndKeptQuickensByTheRate() {
        double expected = Math.exp(5 * PACE.rate() * (1 - PACE.target()));
        assertEquals(expected, after(5, 1).value(), Tolerances.ROUNDING);
    }

    @Test
    void qualityBeyondOneIsOne() {
        assertEquals(after(3, 1).value(), after(3, 40).value());
        assertEquals(after(3, -1).value(), after(3, -40).value());
    }

    @Test
    void atTheTargetNothingChanges() {
        assertEquals(1, after(50, PACE.target()).value(), Tolerances.ROUNDING);
    }

    @Test
    void itStaysWithinItsLimits() {
        assertEquals(
                PACE.fastest(),
                new Pace(100, 0.01, 0.3, 0.3, 5, 0.1, 0.1, 0.9, 0.1).initial().value());
        assertEquals(PACE.fastest(), after(1000, 1).value());
        assertEquals(PACE.slowest(), after(1000, -1).value());
    }

    @Test
    void aStepThatIsTakenBackHalves() {
        Pace.State kept = PACE.validated(PACE.initial(), 0.7, 0.7, false);
        Pace.State back = PACE.validated(PACE.initial(), 0.7, 0.7, true);
        assertEquals(kept.value() / 2, back.value(), Tolerances.ROUNDING);
        assertTrue(PACE.isHarmful(1, 1.11));
        assertTrue(PACE.isHarmful(1, Double.NaN));
        assertFalse(PACE.isHarmful(1, 1.09));
        assertTrue(PACE.isHarmful(-1, -0.89));
    }

    @Test
    void lengthDampingAndIterationsFollow() {
        Pace.State start = PACE.initial();
        assertEquals(0.01 * 5 / 20, PACE.longest(start, 5, 20), Tolerances.ROUNDING);
        assertEquals(0.3, PACE.longest(start, 5, 0.1), Tolerances.ROUNDING);
        Pace.State fast = new Pace.State(4, 0, 0);
        assertEquals(0.3 * Math.pow(4, 0.35), PACE.longest(fast, 5, 0), Tolerances.ROUNDING);
        assertEquals(0.01, PACE.damping(fast, 0.16), Tolerances.ROUNDING);
        assertEquals(6, PACE.iterations(fast, 4));
        Pace.State slow = new Pace.State(0.5, 0, 0);
        assertEquals(0.005 * 5 / 20, PACE.longest(slow, 5, 20), Tolerances.ROUNDING);
        assertEquals(0.32, PACE.damping(slow, 0.08), Tolerances.ROUNDING);
        assertEquals(4, PACE.iterations(slow, 4));
    }

    @Test
    void settingsAreChecked() {
        assertFails(
                IllegalArgumentException.class, () -> new Pace(1, 0, 0.3, 0.3, 10, 0.1, 0.1, 0.9, 0.1), "bound", "0.0");
        assertFails(
                IllegalArgumentException.class,
                () -> new Pace(1, 1, 1.3, 0.3, 10, 0.1, 0.1, 0.9, 0.1),
                "length",
                "1.3");
        assertFails(
                IllegalArgumentException.class,
                () -> new Pace(1, 1, 0.3, 1.3, 10, 0.1, 0.1, 0.9, 0.1),
                "slowest",
                "1.3");
        assertFails(
                IllegalArgumentException.class,
                () -> new Pace(1, 1, 0.3, 0.3, 0.9, 0.1, 0.1, 0.9, 0.1),
                "fastest",
                "0.9");
    }
}
