package org.dl4jgn.curvature;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.dl4jgn.translate.Model;
import org.dl4jgn.translate.ParameterSlot;
import org.dl4jgn.translate.Refusals;
import org.dl4jgn.translate.Regularized;
import org.dl4jgn.translate.UnsupportedNetworkException;
import org.nd4j.linalg.learning.regularization.L1Regularization;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.learning.regularization.WeightDecay;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * The coefficients of one kind of DL4J's regularization, one for each parameter array, which may follow schedules.
 *
 * @param <T> the kind
 */
final class Coefficients<T extends Regularization> {

    private final List<List<T>> terms = new ArrayList<>();
    private final Function<T, ISchedule> schedule;

    /**
     * Reads the terms of a kind.
     *
     * @throws UnsupportedNetworkException for a kind that is not one of DL4J's
     */
    Coefficients(Model model, List<ParameterSlot> slots, Class<T> kind, Function<T, ISchedule> schedule) {
        this.schedule = schedule;
        Refusals refusals = new Refusals();
        for (ParameterSlot slot : slots) {
            Regularized regularized = model.regularization(slot);
            regularized.terms().forEach(term -> refusals.check(() -> requireKnown(term, regularized, slot)));
            terms.add(regularized.terms().stream()
                    .filter(term -> term.getClass() == kind)
                    .map(kind::cast)
                    .toList());
        }
        refusals.throwAny();
    }

    private static void requireKnown(Regularization term, Regularized regularized, ParameterSlot slot) {
        if (!List.of(L1Regularization.class, L2Regularization.class, WeightDecay.class)
                .contains(term.getClass())) {
            throw new UnsupportedNetworkException(regularized.layer() + ", parameter " + slot.key()
                    + ": regularization by " + term.getClass().getName()
                    + " is not supported, because nothing is known of its derivatives. Supported: l1, l2, weightDecay,"
                    + " and the same for biases.");
        }
    }

    /** The sum of the terms of each array. */
    double[] at(int iteration, int epoch) {
        return terms.stream()
                .mapToDouble(of -> of.stream()
                        .mapToDouble(term -> schedule.apply(term).valueAt(iteration, epoch))
                        .sum())
                .toArray();
    }

    /** The terms of each array. */
    List<List<T>> terms() {
        return terms;
    }
}
