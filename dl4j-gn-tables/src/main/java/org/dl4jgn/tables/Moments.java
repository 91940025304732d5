package org.dl4jgn.tables;

import java.util.stream.IntStream;

/**
 * Mean and deviation of those of some numbers that are not missing.
 *
 * @param count of them
 * @param mean of them
 * @param deviation root of the mean squared distance from the mean; 0 where that is rounding
 */
record Moments(int count, double mean, double deviation) {

    private static final double ROUNDING = 1e-12;

    /** Of the values of some rows; NaN where one is missing. */
    static Moments of(double[] values, int[] rows) {
        double[] there = IntStream.of(rows)
                .mapToDouble(i -> values[i])
                .filter(x -> !Double.isNaN(x))
                .toArray();
        double mean = java.util.Arrays.stream(there).average().orElse(0);
        double variance = java.util.Arrays.stream(there)
                .map(x -> (x - mean) * (x - mean))
                .average()
                .orElse(0);
        double deviation = Math.sqrt(variance);
        return new Moments(there.length, mean, deviation > ROUNDING * Math.abs(mean) ? deviation : 0);
    }

    double standardized(double value) {
        return (value - mean) / deviation;
    }
}
