package org.dl4jgn.bench.control;

/**
 * When a run ends: whichever comes first.
 *
 * @param steps actions taken, or iterations of a policy, at least 1
 * @param seconds wall-clock time, greater than 0; may be infinite
 */
public record Budget(int steps, double seconds) {

    /** Checks the settings. */
    public Budget {
        if (steps < 1) {
            throw new IllegalArgumentException("steps is " + steps + ", but must be at least 1");
        }
        if (!(seconds > 0)) {
            throw new IllegalArgumentException("seconds is " + seconds + ", but must be greater than 0");
        }
    }

    /** A number of steps, however long they take: what makes a run repeatable. */
    public static Budget steps(int steps) {
        return new Budget(steps, Double.POSITIVE_INFINITY);
    }

    boolean isSpent(int stepsTaken, double secondsPassed) {
        return stepsTaken >= steps || secondsPassed >= seconds;
    }
}
