package org.dl4jgn.bench.control;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class CartPoleTest {

    private static final double SECONDS = 0.02;

    private final Random random = new Random(1);

    /** From rest: θ̈ = −(10/1.1) / (½(4/3 − 0.1/1.1)) = −14.634, ẍ = 10/1.1 + 0.05·14.634/1.1 = 9.756. */
    @Test
    void aPushFromRestIsTheTextbooks() {
        assertArrayEquals(new double[] {0, 0.195122, 0, -0.292683}, CartPole.next(new double[4], 1), 5e-7);
        assertArrayEquals(new double[] {0, -0.195122, 0, 0.292683}, CartPole.next(new double[4], 0), 5e-7);
    }

    /** The two Lagrange equations of a cart of mass 1 with a rod of mass 0.1 and half length ½. */
    @RepeatedTest(5)
    void accelerationsSolveTheEquationsOfMotion() {
        double[] state = random.doubles(4, -1, 1).toArray();
        double[] after = CartPole.next(state, 1);
        double x = (after[1] - state[1]) / SECONDS;
        double angle = (after[3] - state[3]) / SECONDS;
        double cos = Math.cos(state[2]);
        double sin = Math.sin(state[2]);
        assertEquals(10, 1.1 * x + 0.05 * (angle * cos - state[3] * state[3] * sin), 1e-11);
        assertEquals(9.8 * sin, 4.0 / 3 * 0.5 * angle + x * cos, 1e-11);
        assertEquals(state[0] + SECONDS * state[1], after[0]);
        assertEquals(state[2] + SECONDS * state[3], after[2]);
    }

    @Test
    void startsNearTheMiddleAndTheSameForTheSameSeed() {
        CartPole game = new CartPole();
        double[] start = game.reset(new Random(7));
        for (double value : start) {
            assertTrue(Math.abs(value) <= 0.05);
        }
        assertArrayEquals(start, new CartPole().reset(new Random(7)));
    }

    @Test
    void onePushAfterTheOtherToTheSameSideFellsThePole() {
        CartPole game = new CartPole();
        game.reset(random);
        Environment.Outcome outcome = game.step(1);
        int steps = 1;
        while (!outcome.isOver()) {
            outcome = game.step(1);
            steps++;
        }
        assertTrue(outcome.terminated());
        assertEquals(1, outcome.reward());
        assertTrue(steps >= 8 && steps <= 11, "steps " + steps);
        assertTrue(Math.abs(outcome.observation()[2]) > Math.toRadians(12));
    }

    /** Pushing to the side to which the pole falls, and less the slower it falls, keeps it up. */
    @Test
    void whoBalancesThePoleIsStoppedAfterFiveHundred() {
        CartPole game = new CartPole();
        double[] seen = game.reset(random);
        int steps = 0;
        Environment.Outcome outcome;
        do {
            outcome = game.step(seen[0] + 2 * seen[1] + 20 * seen[2] + 5 * seen[3] > 0 ? 1 : 0);
            seen = outcome.observation();
            steps++;
        } while (!outcome.isOver());
        assertEquals(CartPole.LIMIT, steps);
        assertTrue(outcome.truncated());
        assertFalse(outcome.terminated());
    }
}
