package org.dl4jgn.conf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.dl4jgn.conf.Pace.Answer;
import org.dl4jgn.conf.Pace.State;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PaceTest {

    private static final double EXACT = 1e-15;

    /** Of sums so far, small enough that no answer of these tests is too loud. */
    private static final double WEIGHT = 1;

    private static final Pace PACE = new Pace(1, 0.01, 0.3, 0.3, 2, 100, 0.1, 0.1, 0.9, 0.1);

    private static State state(double value, double actual, double promised) {
        return new State(value, actual, promised, 1, promised == 0 ? 0 : WEIGHT, PACE.slowest());
    }

    private static Answer other(double before, double after, double promised) {
        return new Answer(before, after, promised, 0, false);
    }

    private static Answer same(double before, double after, double promised) {
        return new Answer(before, after, promised, 0, true);
    }

    @Test
    void theStandardIsTheDocumented() {
        assertEquals(PACE, Pace.standard());
    }

    /** q = 1: s grows by e^(0.1·0.9); q = 0: it falls by e^(−0.01); a harmful step halves it besides. */
    @ParameterizedTest
    @CsvSource({"0.5, 0.09", "1.0, -0.01", "1.05, -0.06"})
    void theShareOfThePromiseDrivesThePace(double after, double change) {
        State next = PACE.validated(PACE.initial(), other(1, after, after == 1.05 ? 0.1 : 0.5));
        assertEquals(Math.exp(change), next.value(), EXACT);
    }

    @Test
    void sumsForgetByTheMemory() {
        State next = PACE.validated(state(1, 2, 4), other(1, 0.5, 0.5));
        assertEquals(0.9 * 2 + 0.5, next.actual(), EXACT);
        assertEquals(0.9 * 4 + 0.5, next.promised(), EXACT);
        assertEquals(Math.exp(0.1 * (2.3 / 4.1 - 0.1)), next.value(), EXACT);
    }

    /** 2 of 4 came true in ten steps or so; one mini-batch answers a hundred times as loud, and has promised as much the next time. */
    @Test
    void oneAnswerDoesNotDrownTheOthers() {
        State heard = PACE.validated(new State(1, 2, 4, 1, 8, 0.3), other(50, 10, 0.4));
        assertEquals(0.9 * 2 + 5 * 4.0 / 8, heard.actual(), EXACT);
        assertEquals(0.9 * 4 + 0.4, heard.promised(), EXACT);
        assertEquals(0.9 * 8 + 1, heard.weight(), EXACT);
        State promised = PACE.validated(new State(1, 2, 4, 1, 8, 0.3), other(1, 0.9, 40));
        assertEquals(0.9 * 2 + 0.1, promised.actual(), EXACT);
        assertEquals(0.9 * 4 + 5 * 4.0 / 8, promised.promised(), EXACT);
        State harmed = PACE.validated(new State(1, 2, 4, 1, 8, 0.3), other(1, 40, 0.4));
        assertEquals(0.9 * 2 - 5 * 4.0 / 8, harmed.actual(), EXACT);
    }

    @Test
    void harmIsARiseByATenthOrALossThatIsNotFinite() {
        assertFalse(PACE.isHarmful(other(1, 1.09, 1)));
        assertTrue(PACE.isHarmful(other(1, 1.11, 1)));
        assertTrue(PACE.isHarmful(other(1, Double.NaN, 1)));
        assertTrue(PACE.isHarmful(other(-1, -0.89, 1)));
        assertFalse(PACE.isHarmful(new Answer(0, 1e-9, 1, 1e-8, false)));
        State halved = PACE.validated(PACE.initial(), other(1, Double.NaN, 1));
        assertEquals(0.5 * Math.exp(-0.11), halved.value(), EXACT);
    }

    /** Without noise the pace is a trust region's radius. */
    @Test
    void onTheSameMiniBatchThePaceLeapsAndFalls() {
        assertEquals(1.5, PACE.validated(PACE.initial(), same(1, 0.2, 1)).value());
        assertEquals(1.0, PACE.validated(PACE.initial(), same(1, 0.5, 1)).value());
        assertEquals(0.5, PACE.validated(PACE.initial(), same(1, 0.9, 1)).value());
        assertTrue(PACE.isHarmful(same(1, 1.0001, 1)));
        assertEquals(100, PACE.validated(state(99, 1, 1), same(1, 0, 1)).value());
        assertTrue(PACE.isLong(state(2.1, 1, 1)));
        assertFalse(PACE.isLong(state(2, 1, 1)));
    }

    @Test
    void thePaceStaysWithinItsLimits() {
        assertEquals(2, PACE.validated(state(1.95, 1, 1), other(1, 0, 1)).value());
        assertEquals(0.3, PACE.validated(state(0.305, -9, 1), other(1, 1.05, 1)).value());
        // from long steps to noise
        assertEquals(2, PACE.validated(state(80, 1, 1), other(1, 0, 1)).value());
    }

    /** A learning rate that is a hundred times too large has to be made up for. */
    @Test
    void harmLeadsBelowTheLimitsAndTheWayBackIsSteady() {
        State harmed = PACE.validated(state(0.3, -9, 1), other(1, 2, 1));
        assertEquals(0.5 * 0.3 * Math.exp(-0.11), harmed.value(), EXACT);
        State deep = PACE.validated(state(0.004, -9, 1), other(1, 2, 1));
        assertEquals(0.003, deep.value(), EXACT);
        assertEquals(0.003 * Math.exp(0.1), PACE.validated(deep, other(1, 1, 1)).value(), EXACT);
        assertEquals(0.3, PACE.validated(state(0.29, -9, 1), other(1, 1, 1)).value());
    }

    /** Far below the limits steps are so short that the model holds, unless mini-batches contradict each other. */
    @Test
    void theWayBackIsFastWhereThePromiseComesTrue() {
        State low = state(0.01, 0, 0);
        assertEquals(
                0.01 * Math.exp(0.1), PACE.validated(low, other(1, 0.26, 1)).value(), EXACT);
        assertEquals(0.015, PACE.validated(low, other(1, 0.24, 1)).value(), EXACT);
        assertEquals(0.3, PACE.validated(state(0.25, 0, 0), other(1, 0.24, 1)).value(), EXACT);
        assertEquals(0.015, PACE.validated(low, same(1, 0.24, 1)).value(), EXACT);
    }

    /** By heart, s falls by e^(−0.1) a step, below the slowest; it stays there, or rises by e^0.01 where damping is not at its highest. */
    @Test
    void whatIsLearntByHeartHoldsThePace() {
        State fast = PACE.memorized(state(1, 0, 1));
        assertEquals(Math.exp(-0.1), fast.value(), EXACT);
        assertEquals(0.3, fast.least(), "above the slowest the limit stays");
        assertFalse(PACE.isHeld(fast));
        State held = PACE.memorized(state(0.3, 0, 1));
        assertEquals(0.3 * Math.exp(-0.1), held.value(), EXACT);
        assertEquals(held.value(), held.least());
        assertTrue(PACE.isHeld(held));
        State told = PACE.validated(held, other(1, 1, 1));
        assertEquals(held.value(), told.value(), EXACT, "no way back by itself");
        State recovered = PACE.recovered(told);
        assertEquals(held.least() * Math.exp(0.01), recovered.least(), EXACT);
        assertEquals(
                recovered.least(), PACE.validated(recovered, other(1, 1, 1)).value(), EXACT);
        assertEquals(0.3, PACE.recovered(state(1, 0, 1)).least(), "the slowest, and no more");
        assertEquals(0.003, PACE.memorized(state(0.003, 0, 1)).value(), "the smallest at all");
        State harmed = PACE.validated(held, other(1, 2, 1));
        assertTrue(harmed.value() < held.value() / 2, "harm leads below");
        assertEquals(held.least(), harmed.least());
    }

    @Test
    void aConstantLearningRateIsWhereThePaceBegins() {
        State start = PACE.initial();
        assertSame(start, PACE.guessed(start, 1));
        assertEquals(new State(0.01, 0, 0, 0.01, 0, 0.3), PACE.guessed(start, 0.01));
        assertEquals(0.003, PACE.guessed(start, 1e-9).value(), EXACT, "as after harm");
        assertEquals(2, PACE.guessed(start, 100).value(), "the fastest");
    }

    @Test
    void thePaceGoesOnceWithALearningRateThatIsSet() {
        State later = new State(0.8, 3, 4, 0.01, WEIGHT, 0.3);
        assertSame(later, PACE.guessed(later, 0.01));
        State doubled = PACE.guessed(later, 0.02);
        assertEquals(new State(1.6, 3, 4, 0.02, WEIGHT, 0.3), doubled);
        assertEquals(0.02, PACE.validated(doubled, other(1, 0.5, 1)).guess());
        assertEquals(2, PACE.guessed(later, 1).value());
        assertEquals(25, PACE.guessed(state(50, 1, 1), 0.5).value());
        assertEquals(100, PACE.guessed(state(50, 1, 1), 10).value());
    }

    @Test
    void aStateIsItsNumbers() {
        State state = new State(0.8, 3, 4, 0.01, WEIGHT, 0.3);
        assertEquals(state, State.of(state.numbers()));
        assertEquals(PACE.slots().size(), state.numbers().size());
    }

    @Test
    void roundingSaysNothing() {
        State state = state(1.2, 3, 4);
        assertSame(state, PACE.validated(state, new Answer(1, 1 + 1e-9, 1e-9, 1e-8, false)));
    }

    @Test
    void lengthDampingAndIterationsFollow() {
        State two = state(2, 0, 0);
        double boldness = Math.pow(2, 0.35);
        assertEquals(0.3 * boldness, PACE.longest(two, 100, 1), EXACT);
        assertEquals(0.01 * 2 * 100 / 50, PACE.longest(two, 100, 50), EXACT);
        assertEquals(0.01 * 2 / 50, PACE.longest(two, 0, 50), EXACT, "parameters near zero");
        assertEquals(0.25, PACE.damping(two, 1), EXACT);
        assertEquals(1, PACE.damping(state(0.5, 0, 0), 1), EXACT);
        assertEquals(10, PACE.iterations(two, 8));
        assertEquals(8, PACE.iterations(state(0.5, 0, 0), 8));
        assertEquals(0.3, PACE.longest(state(0.5, 0, 0), 1e9, 1), EXACT);
        assertEquals(0, PACE.leastWeight(two));
        assertEquals(0.98, PACE.leastWeight(state(100, 0, 0)), EXACT);
    }

    @Test
    void limitsAreChecked() {
        String message = assertThrows(
                        IllegalArgumentException.class, () -> new Pace(1, 0.01, 0.3, 0.3, 2, 1, 0.1, 0.1, 0.9, 0.1))
                .getMessage();
        assertTrue(message.contains("calmest of pace is 1.0") && message.contains("≥ fastest, 2.0"), message);
    }
}
