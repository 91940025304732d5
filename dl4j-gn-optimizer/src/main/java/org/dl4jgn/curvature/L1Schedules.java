package org.dl4jgn.curvature;

import java.util.List;
import org.dl4jgn.linalg.Span;
import org.dl4jgn.problem.AbsolutePenalty;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.regularization.L1Regularization;

/** DL4J's l1 regularization of each parameter array, whose coefficients may follow schedules. */
final class L1Schedules implements AutoCloseable {

    private final List<Span> spans;
    private final Coefficients<L1Regularization> coefficients;
    private final DataType type;
    private AbsolutePenalty current;

    /** Reads the l1 of every parameter. */
    L1Schedules(RegularizationTerms terms, DataType type) {
        spans = terms.spans();
        coefficients = new Coefficients<>(terms, L1Regularization.class, L1Regularization::getL1);
        this.type = type;
        current = new AbsolutePenalty(spans, new double[spans.size()], type);
    }

    /** λ by the schedules; valid until they say something else. */
    AbsolutePenalty at(int iteration, int epoch) {
        double[] next = coefficients.at(iteration, epoch);
        if (!current.hasCoefficients(next)) {
            current.close();
            current = new AbsolutePenalty(spans, next, type);
        }
        return current;
    }

    @Override
    public void close() {
        current.close();
    }
}
