package org.dl4jgn.bench.run;

import org.dl4jgn.bench.problem.Training;
import org.jspecify.annotations.Nullable;

/**
 * How long a run trains: until either limit is reached.
 *
 * @param seconds training time, evaluation excluded
 * @param epochs passes through the data
 */
public record Budget(@Nullable Double seconds, @Nullable Integer epochs) {

    /** Checks the limits. */
    public Budget {
        if (seconds == null && epochs == null) {
            throw new IllegalArgumentException("a budget needs seconds or epochs");
        }
        if (seconds != null && !(seconds > 0)) {
            throw new IllegalArgumentException("--seconds is " + seconds + ", but must be greater than 0");
        }
        if (epochs != null && epochs < 1) {
            throw new IllegalArgumentException("--epochs is " + epochs + ", but must be at least 1");
        }
    }

    /** What part of it is used up. */
    public double used(Training training) {
        double bySeconds = seconds == null ? 0 : training.seconds() / seconds;
        double byEpochs = epochs == null ? 0 : training.epochs() / epochs;
        return Math.min(1, Math.max(bySeconds, byEpochs));
    }

    /** Whether a run with this budget has done all that one with the other does. */
    public boolean covers(Budget other) {
        return covers(seconds, other.seconds) && covers(epochs, other.epochs);
    }

    private static boolean covers(@Nullable Number mine, @Nullable Number theirs) {
        return mine == null || (theirs != null && mine.doubleValue() >= theirs.doubleValue());
    }

    /** A part of it, at least one epoch. */
    public Budget part(double share) {
        return new Budget(
                seconds == null ? null : seconds * share,
                epochs == null ? null : (Integer) (int) Math.max(1, Math.round(epochs * share)));
    }

    @Override
    public String toString() {
        String time = seconds == null ? "" : seconds + " s";
        String passes = epochs == null ? "" : epochs + " epochs";
        return time.isEmpty() || passes.isEmpty() ? time + passes : time + " or " + passes;
    }
}
