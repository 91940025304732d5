package org.dl4jgn.conf;

/** Checks of settings; every message says name, value and allowed range. */
final class Require {

    private Require() {}

    static double nonNegative(String name, double value) {
        return that(value >= 0 && Double.isFinite(value), name, value, "a finite number ≥ 0");
    }

    static double positive(String name, double value) {
        return that(value > 0 && Double.isFinite(value), name, value, "a finite number > 0");
    }

    static double between(String name, double value, double low, double high) {
        return that(value > low && value < high, name, value, "strictly between " + low + " and " + high);
    }

    static double above(String name, double value, double low) {
        return that(value > low && Double.isFinite(value), name, value, "a finite number > " + low);
    }

    static double fraction(String name, double value) {
        return that(value >= 0 && value < 1, name, value, "at least 0 and less than 1");
    }

    static double upToOne(String name, double value) {
        return that(value >= 0 && value <= 1, name, value, "at least 0 and at most 1");
    }

    static int atLeast(String name, int value, int low) {
        if (value < low) {
            throw new IllegalArgumentException(name + " is " + value + ", but must be at least " + low);
        }
        return value;
    }

    static void dampingWithin(double start, double floor, double ceiling) {
        if (floor > start || !(ceiling >= start)) {
            throw new IllegalArgumentException("damping is " + start + ", but must be between its floor, " + floor
                    + ", and its ceiling, " + ceiling);
        }
    }

    static void ratios(double low, double high) {
        that(Double.isFinite(low), "low ratio", low, "a finite number");
        that(Double.isFinite(high), "high ratio", high, "a finite number");
        if (!(low < high)) {
            throw new IllegalArgumentException(
                    "low ratio is " + low + ", but must be less than the high ratio, " + high);
        }
    }

    private static double that(boolean holds, String name, double value, String range) {
        if (!holds) {
            throw new IllegalArgumentException(name + " is " + value + ", but must be " + range);
        }
        return value;
    }
}
