package org.dl4jgn.curvature;

import java.util.ArrayList;
import java.util.List;
import org.dl4jgn.linalg.Span;
import org.dl4jgn.translate.Model;
import org.dl4jgn.translate.ParameterSlot;
import org.dl4jgn.translate.Refusals;
import org.dl4jgn.translate.Regularized;
import org.dl4jgn.translate.UnsupportedNetworkException;
import org.nd4j.linalg.learning.regularization.L1Regularization;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.learning.regularization.WeightDecay;

/** The terms of DL4J's regularization of each parameter array. */
final class RegularizationTerms {

    private static final List<Class<?>> KINDS =
            List.of(L1Regularization.class, L2Regularization.class, WeightDecay.class);

    private final List<Span> spans = new ArrayList<>();
    private final List<List<Regularization>> terms = new ArrayList<>();
    private final List<Boolean> inScore = new ArrayList<>();
    private final List<String> names = new ArrayList<>();

    /**
     * Reads them.
     *
     * @throws UnsupportedNetworkException for kinds that are not DL4J's
     */
    RegularizationTerms(Model model, List<ParameterSlot> slots) {
        Refusals refusals = new Refusals();
        for (ParameterSlot slot : slots) {
            Regularized regularized = model.regularization(slot);
            regularized.terms().forEach(term -> refusals.check(() -> requireKnown(term, regularized, slot)));
            spans.add(new Span(slot.offset(), slot.length()));
            terms.add(regularized.terms());
            inScore.add(regularized.isInScore());
            names.add(regularized.layer() + ", parameter " + slot.key());
        }
        refusals.throwAny();
    }

    private static void requireKnown(Regularization term, Regularized regularized, ParameterSlot slot) {
        if (!KINDS.contains(term.getClass())) {
            throw new UnsupportedNetworkException(regularized.layer() + ", parameter " + slot.key()
                    + ": regularization by " + term.getClass().getName()
                    + " is not supported, because nothing is known of its derivatives. Supported: l1, l2, weightDecay,"
                    + " and the same for biases.");
        }
    }

    /** Where the arrays are in the parameter vector, in order. */
    List<Span> spans() {
        return spans;
    }

    /** How messages name each array. */
    List<String> names() {
        return names;
    }

    /** Whether DL4J's score has the terms of each array. */
    List<Boolean> inScore() {
        return inScore;
    }

    /** The terms of a kind, for each array. */
    <T extends Regularization> List<List<T>> of(Class<T> kind) {
        return terms.stream()
                .map(all ->
                        all.stream().filter(kind::isInstance).map(kind::cast).toList())
                .toList();
    }
}
