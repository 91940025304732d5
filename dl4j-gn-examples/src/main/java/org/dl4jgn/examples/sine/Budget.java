package org.dl4jgn.examples.sine;

/**
 * How long every optimizer may train: a time or a number of epochs.
 *
 * @param unit what is limited
 * @param limit how much of it
 */
public record Budget(Unit unit, double limit) {

    /** What a budget limits. */
    public enum Unit {
        /** Time of training, evaluation excluded. */
        SECONDS("s"),
        /** Passes through the data. */
        EPOCHS("epochs");

        final String symbol;

        Unit(String symbol) {
            this.symbol = symbol;
        }
    }

    /** Checks the limit. */
    public Budget {
        if (!(limit > 0) || Double.isInfinite(limit)) {
            throw new IllegalArgumentException(
                    "the training time is " + limit + " " + unit.symbol + ", but must be greater than 0");
        }
    }

    /** A time of training. */
    public static Budget seconds(double seconds) {
        return new Budget(Unit.SECONDS, seconds);
    }

    /** A number of epochs. */
    public static Budget epochs(int epochs) {
        return new Budget(Unit.EPOCHS, epochs);
    }

    /** How much is used up, in the budget's unit. */
    public double used(int epoch, double seconds) {
        return unit == Unit.SECONDS ? seconds : epoch;
    }

    /** Whether nothing is left. */
    public boolean isSpent(int epoch, double seconds) {
        return used(epoch, seconds) >= limit;
    }

    @Override
    public String toString() {
        return (limit == Math.rint(limit) ? Long.toString((long) limit) : Double.toString(limit)) + " " + unit.symbol;
    }
}
