package org.dl4jgn.bench.paper;

import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.Locale;

/**
 * A figure over several runs.
 *
 * @param min smallest, or NaN if only the mean is known
 * @param mean arithmetic mean
 * @param max largest, or NaN if only the mean is known
 */
public record Spread(double min, double mean, double max) {

    /** Of the figures of some runs. */
    public static Spread of(double[] runs) {
        DoubleSummaryStatistics statistics = Arrays.stream(runs).summaryStatistics();
        return new Spread(statistics.getMin(), statistics.getAverage(), statistics.getMax());
    }

    @Override
    public String toString() {
        String center = String.format(Locale.ROOT, "%.3g", mean);
        return Double.isNaN(min) ? center : String.format(Locale.ROOT, "%s (%.3g–%.3g)", center, min, max);
    }
}
