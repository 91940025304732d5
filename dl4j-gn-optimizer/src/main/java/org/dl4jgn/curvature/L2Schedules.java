package org.dl4jgn.curvature;

import java.util.List;
import org.dl4jgn.linalg.Span;
import org.dl4jgn.problem.Penalty;
import org.dl4jgn.translate.Model;
import org.dl4jgn.translate.ParameterSlot;
import org.dl4jgn.translate.Refusals;
import org.dl4jgn.translate.Regularized;
import org.dl4jgn.translate.UnsupportedNetworkException;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.learning.regularization.Regularization;

/** DL4J's l2 regularization of each parameter array, whose coefficients may follow schedules. */
final class L2Schedules implements AutoCloseable {

    private final List<Span> spans;
    private final List<List<L2Regularization>> terms;
    private final DataType type;
    private final Penalty none;
    private Penalty current;

    /**
     * Reads the regularization of every parameter.
     *
     * @throws UnsupportedNetworkException for anything but l2
     */
    L2Schedules(Model model, List<ParameterSlot> slots) {
        spans = slots.stream()
                .map(slot -> new Span(slot.offset(), slot.length()))
                .toList();
        Refusals refusals = new Refusals();
        slots.forEach(slot -> refusals.check(() -> termsOf(model, slot)));
        refusals.throwAny();
        terms = slots.stream().map(slot -> termsOf(model, slot)).toList();
        type = model.type();
        none = new Penalty(spans, new double[spans.size()], type);
        current = none;
    }

    private static List<L2Regularization> termsOf(Model model, ParameterSlot slot) {
        Regularized regularized = model.regularization(slot);
        for (Regularization term : regularized.terms()) {
            if (!(term instanceof L2Regularization)) {
                throw new UnsupportedNetworkException(regularized.layer() + ", parameter " + slot.key() + ": "
                        + term.getClass().getSimpleName() + " is not supported, because it is not a term of the"
                        + " loss with a second derivative. Supported: l2 and l2Bias.");
            }
        }
        return regularized.terms().stream().map(term -> (L2Regularization) term).toList();
    }

    /** D = 0. */
    Penalty none() {
        return none;
    }

    /** D by the schedules; valid until they say something else. */
    Penalty at(int iteration, int epoch) {
        double[] next = new double[spans.size()];
        for (int i = 0; i < next.length; i++) {
            for (L2Regularization term : terms.get(i)) {
                next[i] += term.getL2().valueAt(iteration, epoch);
            }
        }
        if (!current.hasCoefficients(next)) {
            closeCurrent();
            current = new Penalty(spans, next, type);
        }
        return current;
    }

    private void closeCurrent() {
        if (current != none) {
            current.close();
        }
    }

    @Override
    public void close() {
        closeCurrent();
        none.close();
    }
}
