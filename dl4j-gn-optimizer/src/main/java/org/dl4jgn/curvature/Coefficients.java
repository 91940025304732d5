package org.dl4jgn.curvature;

import java.util.List;
import java.util.function.Function;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * The coefficients of one kind of DL4J's regularization, one for each parameter array, which may follow schedules.
 *
 * @param <T> the kind
 */
final class Coefficients<T extends Regularization> {

    private final List<List<T>> terms;
    private final Function<T, ISchedule> schedule;
    private final List<String> arrays;
    private final String name;

    /** Those of a kind. */
    Coefficients(RegularizationTerms all, Class<T> kind, Function<T, ISchedule> schedule) {
        terms = all.of(kind);
        arrays = all.names();
        name = kind.getSimpleName();
        this.schedule = schedule;
    }

    /**
     * The sum of the terms of each array.
     *
     * @throws IllegalStateException if one is negative or not finite
     */
    double[] at(int iteration, int epoch) {
        double[] sums = new double[terms.size()];
        for (int i = 0; i < sums.length; i++) {
            for (T term : terms.get(i)) {
                sums[i] += checked(arrays.get(i), schedule.apply(term), iteration, epoch);
            }
        }
        return sums;
    }

    private double checked(String array, ISchedule by, int iteration, int epoch) {
        double value = by.valueAt(iteration, epoch);
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw new IllegalStateException(array + ": the coefficient of " + name + " is " + value + " at iteration "
                    + iteration + ", epoch " + epoch + ", but must be a finite number ≥ 0; check it, or its schedule "
                    + by
                    + ". No parameter was changed.");
        }
        return value;
    }

    /** Whether no array has such a term. */
    boolean isEmpty() {
        return terms.stream().allMatch(List::isEmpty);
    }

    /** The terms of each array. */
    List<List<T>> terms() {
        return terms;
    }
}
