package org.dl4jgn.bench.control;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * A pole on a cart that is pushed left (action 0) or right (1): Gym's CartPole-v1, after Barto, Sutton and Anderson 1983.
 *
 * <p>The state, which is observed, is (x, ẋ, θ, θ̇), advanced by explicit Euler steps of 0.02 s. Each action earns 1, up to
 * and including the one by which the cart is more than 2.4 from the middle or the pole more than 12° from upright;
 * episodes are broken off after 500.
 */
public final class CartPole implements Environment {

    /** Actions after which an episode is broken off, which is also the largest return. */
    public static final int LIMIT = 500;

    private static final double GRAVITY = 9.8;
    private static final double CART = 1.0;
    private static final double POLE = 0.1;
    private static final double TOTAL = CART + POLE;
    private static final double HALF_LENGTH = 0.5;
    private static final double FORCE = 10.0;
    private static final double SECONDS = 0.02;
    private static final double MAX_X = 2.4;
    private static final double MAX_ANGLE = Math.toRadians(12);
    private static final double START = 0.05;

    private double[] state = new double[4];
    private int steps;

    @Override
    public int observations() {
        return 4;
    }

    @Override
    public int actions() {
        return 2;
    }

    @Override
    public double[] reset(RandomGenerator random) {
        Arrays.setAll(state, i -> random.nextDouble(-START, START));
        steps = 0;
        return state.clone();
    }

    @Override
    public Outcome step(int action) {
        state = next(state, action);
        steps++;
        boolean terminated = Math.abs(state[0]) > MAX_X || Math.abs(state[2]) > MAX_ANGLE;
        return new Outcome(state.clone(), 1, terminated, !terminated && steps >= LIMIT);
    }

    /** The equations of motion, without friction (Florian 2007, equations 23 and 24). */
    static double[] next(double[] state, int action) {
        double force = action == 1 ? FORCE : -FORCE;
        double sin = Math.sin(state[2]);
        double cos = Math.cos(state[2]);
        double push = (force + POLE * HALF_LENGTH * state[3] * state[3] * sin) / TOTAL;
        double angular = (GRAVITY * sin - cos * push) / (HALF_LENGTH * (4.0 / 3 - POLE * cos * cos / TOTAL));
        double linear = push - POLE * HALF_LENGTH * angular * cos / TOTAL;
        return new double[] {
            state[0] + SECONDS * state[1],
            state[1] + SECONDS * linear,
            state[2] + SECONDS * state[3],
            state[3] + SECONDS * angular
        };
    }
}
