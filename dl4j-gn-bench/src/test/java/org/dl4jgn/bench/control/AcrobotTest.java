package org.dl4jgn.bench.control;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class AcrobotTest {

    private final Random random = new Random(1);

    /** Kinetic and potential energy of two links of length 1, mass 1, moment of inertia 1 about their middle. */
    private static double energy(double[] s) {
        double both = s[0] + s[1];
        double x1 = 0.5 * Math.cos(s[0]) * s[2];
        double y1 = 0.5 * Math.sin(s[0]) * s[2];
        double x2 = Math.cos(s[0]) * s[2] + 0.5 * Math.cos(both) * (s[2] + s[3]);
        double y2 = Math.sin(s[0]) * s[2] + 0.5 * Math.sin(both) * (s[2] + s[3]);
        double kinetic =
                0.5 * (x1 * x1 + y1 * y1 + x2 * x2 + y2 * y2) + 0.5 * (s[2] * s[2] + (s[2] + s[3]) * (s[2] + s[3]));
        double height1 = -0.5 * Math.cos(s[0]);
        double height2 = -Math.cos(s[0]) - 0.5 * Math.cos(both);
        return kinetic + 9.8 * (height1 + height2);
    }

    /** dE/dt is the motor's power, torque times θ̇₂; by central differences along the flow. */
    @RepeatedTest(5)
    void energyChangesByTheMotorsWork() {
        double[] state = random.doubles(4, -2, 2).toArray();
        double torque = random.nextInt(3) - 1;
        double h = 1e-4;
        double change = energy(Acrobot.rungeKutta(state, torque, h)) - energy(Acrobot.rungeKutta(state, torque, -h));
        assertEquals(torque * state[3], change / (2 * h), 1e-6);
    }

    /** Without torque, over a second in steps of 0.01 s, to the accuracy of a method of fourth order. */
    @RepeatedTest(5)
    void energyIsKeptWithoutTorque() {
        double[] start = random.doubles(4, -1, 1).toArray();
        double[] state = start;
        for (int i = 0; i < 100; i++) {
            state = Acrobot.rungeKutta(state, 0, 0.01);
        }
        assertEquals(energy(start), energy(state), 1e-6);
    }

    @Test
    void hangingStillIsAnEquilibrium() {
        assertArrayEquals(new double[4], Acrobot.next(new double[4], 0), 1e-15);
    }

    @Test
    void anglesAreWrappedAndVelocitiesBounded() {
        double[] state = {3, -3, 14, 60};
        double[] free = Acrobot.rungeKutta(state, 0, 0.2);
        assertTrue(free[1] > 5 * Math.PI && free[2] > 4 * Math.PI && free[3] < -9 * Math.PI, "needs both");
        double[] after = Acrobot.next(state, 0);
        assertArrayEquals(new double[] {free[0], free[1] - 6 * Math.PI, 4 * Math.PI, -9 * Math.PI}, after, 1e-12);
    }

    @Test
    void theTipIsUpOneLengthAboveTheJoint() {
        assertTrue(Acrobot.isUp(new double[] {Math.PI, 0, 0, 0}));
        assertFalse(Acrobot.isUp(new double[] {Math.PI / 2 + 0.5, 0, 0, 0}));
        assertTrue(Acrobot.isUp(new double[] {Math.PI / 2 + 0.53, 0, 0, 0}));
    }

    @Test
    void anIdleEpisodeCostsOneAStepAndIsBrokenOff() {
        Acrobot game = new Acrobot();
        assertEquals(game.observations(), game.reset(random).length);
        double total = 0;
        Environment.Outcome outcome;
        do {
            outcome = game.step(1);
            total += outcome.reward();
        } while (!outcome.isOver());
        assertTrue(outcome.truncated());
        assertEquals(-Acrobot.LIMIT, total);
    }

    /** Torque along the second link's rotation adds energy until the tip is up, which costs nothing. */
    @Test
    void pumpingEnergySwingsItUp() {
        Acrobot game = new Acrobot();
        double[] seen = game.reset(random);
        Environment.Outcome outcome;
        do {
            outcome = game.step(seen[5] > 0 ? 2 : 0);
            seen = outcome.observation();
        } while (!outcome.isOver());
        assertTrue(outcome.terminated());
        assertEquals(0, outcome.reward());
    }
}
