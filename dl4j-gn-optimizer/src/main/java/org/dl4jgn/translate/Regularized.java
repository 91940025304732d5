package org.dl4jgn.translate;

import java.util.List;
import org.nd4j.linalg.learning.regularization.Regularization;

/**
 * The regularization of one parameter array, as DL4J has it.
 *
 * @param layer the layer, described for messages
 * @param terms its terms, empty for none
 * @param isInScore whether DL4J's score has them, as its gradient does
 */
public record Regularized(String layer, List<Regularization> terms, boolean isInScore) {

    public Regularized {
        terms = List.copyOf(terms);
    }

    /** One that is in DL4J's score. */
    public Regularized(String layer, List<Regularization> terms) {
        this(layer, terms, true);
    }
}
