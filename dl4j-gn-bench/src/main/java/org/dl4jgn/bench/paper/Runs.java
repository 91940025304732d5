package org.dl4jgn.bench.paper;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * Training runs that differ in their seed only.
 *
 * @param curves for each run, its epochs
 */
record Runs(List<List<Epoch>> curves) {

    /**
     * What an epoch gave.
     *
     * @param trainLoss mean over the mini-batches of the loss before the step
     * @param testLoss after the epoch
     * @param testAccuracy after the epoch; NaN for regression
     * @param stepMillis mean time of {@code fit} for one mini-batch
     * @param notAccepted steps that were rejected or invalid
     */
    record Epoch(double trainLoss, double testLoss, double testAccuracy, double stepMillis, int notAccepted) {}

    /** Over the runs, in epoch {@code number}, counted from 1. */
    Spread over(int number, ToDoubleFunction<Epoch> figure) {
        return Spread.of(curves.stream()
                .map(curve -> curve.get(number - 1))
                .mapToDouble(figure)
                .toArray());
    }

    /** Steps that were rejected or invalid. */
    int notAccepted() {
        return epochs().mapToInt(Epoch::notAccepted).sum();
    }

    /** Median over all epochs. */
    double stepMillis() {
        double[] sorted = epochs().mapToDouble(Epoch::stepMillis).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    private Stream<Epoch> epochs() {
        return curves.stream().flatMap(List::stream);
    }
}
