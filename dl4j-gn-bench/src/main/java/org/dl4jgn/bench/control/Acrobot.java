package org.dl4jgn.bench.control;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Two links that hang from a joint and are to be swung up by the torque −1, 0 or 1 (actions 0, 1, 2) between them: Gym's
 * Acrobot-v1, after Sutton and Barto's book.
 *
 * <p>The state (θ₁, θ₂, θ̇₁, θ̇₂), with θ₁ = 0 hanging and θ₂ relative to the first link, is advanced by one Runge-Kutta step
 * of 0.2 s; seen are cosine and sine of both angles and the velocities. Each action costs 1 but the one that lifts the tip
 * one link's length above the joint, with which the episode ends; episodes are broken off after 500.
 */
public final class Acrobot implements Environment {

    /** Actions after which an episode is broken off. */
    public static final int LIMIT = 500;

    // Lengths, masses and moments of inertia of both links are 1; their centres of mass are halfway.
    private static final double CENTRE = 0.5;
    private static final double GRAVITY = 9.8;
    private static final double SECONDS = 0.2;
    private static final double MAX_VELOCITY_1 = 4 * Math.PI;
    private static final double MAX_VELOCITY_2 = 9 * Math.PI;
    private static final double START = 0.1;

    private double[] state = new double[4];
    private int steps;

    @Override
    public int observations() {
        return 6;
    }

    @Override
    public int actions() {
        return 3;
    }

    @Override
    public double[] reset(RandomGenerator random) {
        Arrays.setAll(state, i -> random.nextDouble(-START, START));
        steps = 0;
        return observation();
    }

    @Override
    public Outcome step(int action) {
        state = next(state, action - 1);
        steps++;
        boolean up = isUp(state);
        return new Outcome(observation(), up ? 0 : -1, up, !up && steps >= LIMIT);
    }

    static boolean isUp(double[] state) {
        return -Math.cos(state[0]) - Math.cos(state[0] + state[1]) > 1;
    }

    static double[] next(double[] state, double torque) {
        double[] after = rungeKutta(state, torque, SECONDS);
        return new double[] {
            wrapped(after[0]),
            wrapped(after[1]),
            Math.max(-MAX_VELOCITY_1, Math.min(MAX_VELOCITY_1, after[2])),
            Math.max(-MAX_VELOCITY_2, Math.min(MAX_VELOCITY_2, after[3]))
        };
    }

    /** One step of the classical method of fourth order. */
    static double[] rungeKutta(double[] state, double torque, double seconds) {
        double[] k1 = derivative(state, torque);
        double[] k2 = derivative(plus(state, k1, seconds / 2), torque);
        double[] k3 = derivative(plus(state, k2, seconds / 2), torque);
        double[] k4 = derivative(plus(state, k3, seconds), torque);
        double[] after = new double[4];
        Arrays.setAll(after, i -> state[i] + seconds / 6 * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]));
        return after;
    }

    /** The equations of motion, in the book's form (Sutton and Barto 1998, section 11.3). */
    static double[] derivative(double[] state, double torque) {
        double cos2 = Math.cos(state[1]);
        double sin2 = Math.sin(state[1]);
        double velocity1 = state[2];
        double velocity2 = state[3];
        double d1 = CENTRE * CENTRE + (1 + CENTRE * CENTRE + 2 * CENTRE * cos2) + 2;
        double d2 = CENTRE * CENTRE + CENTRE * cos2 + 1;
        double phi2 = CENTRE * GRAVITY * Math.sin(state[0] + state[1]);
        double phi1 = -CENTRE * sin2 * velocity2 * (velocity2 + 2 * velocity1)
                + (CENTRE + 1) * GRAVITY * Math.sin(state[0])
                + phi2;
        double acceleration2 = (torque + d2 / d1 * phi1 - CENTRE * velocity1 * velocity1 * sin2 - phi2)
                / (CENTRE * CENTRE + 1 - d2 * d2 / d1);
        double acceleration1 = -(d2 * acceleration2 + phi1) / d1;
        return new double[] {velocity1, velocity2, acceleration1, acceleration2};
    }

    private double[] observation() {
        return new double[] {
            Math.cos(state[0]), Math.sin(state[0]), Math.cos(state[1]), Math.sin(state[1]), state[2], state[3]
        };
    }

    private static double[] plus(double[] a, double[] b, double factor) {
        double[] sum = new double[a.length];
        Arrays.setAll(sum, i -> a[i] + factor * b[i]);
        return sum;
    }

    /** The same angle in [−π, π]. */
    private static double wrapped(double angle) {
        return Math.IEEEremainder(angle, 2 * Math.PI);
    }
}
