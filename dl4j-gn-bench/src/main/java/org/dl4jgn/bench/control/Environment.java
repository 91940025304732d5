package org.dl4jgn.bench.control;

import java.util.random.RandomGenerator;

/** A game of discrete actions, one at a time. */
public interface Environment {

    /**
     * What an action led to.
     *
     * @param observation what is seen now
     * @param reward of this action
     * @param terminated whether the episode has come to its own end, after which nothing is to be had
     * @param truncated whether it was broken off for its length, so that the future's worth is not known to be zero
     */
    record Outcome(double[] observation, double reward, boolean terminated, boolean truncated) {

        /** Whether the episode is over, for whichever reason. */
        public boolean isOver() {
            return terminated || truncated;
        }
    }

    /** Numbers in an observation. */
    int observations();

    /** Number of actions; they are counted from 0. */
    int actions();

    /** Starts an episode and returns the first observation. */
    double[] reset(RandomGenerator random);

    /** Acts. */
    Outcome step(int action);
}
