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

    /** Those of a kind. */
    Coefficients(RegularizationTerms all, Class<T> kind, Function<T, ISchedule> schedule) {
        terms = all.of(kind);
        this.schedule = schedule;
    }

    /** The sum of the terms of each array. */
    double[] at(int iteration, int epoch) {
        return terms.stream()
                .mapToDouble(of -> of.stream()
                        .mapToDouble(term -> schedule.apply(term).valueAt(iteration, epoch))
                        .sum())
                .toArray();
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
