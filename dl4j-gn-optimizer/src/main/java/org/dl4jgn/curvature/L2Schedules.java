package org.dl4jgn.curvature;

import java.util.List;
import org.dl4jgn.linalg.Span;
import org.dl4jgn.problem.Penalty;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.regularization.L2Regularization;

/** DL4J's l2 regularization of each parameter array, whose coefficients may follow schedules. */
final class L2Schedules implements AutoCloseable {

    private final List<Span> spans;
    private final Coefficients<L2Regularization> coefficients;
    private final DataType type;
    private final Penalty none;
    private Penalty current;

    /** Reads the l2 of every parameter. */
    L2Schedules(RegularizationTerms terms, DataType type) {
        spans = terms.spans();
        coefficients = new Coefficients<>(terms, L2Regularization.class, L2Regularization::getL2);
        this.type = type;
        none = new Penalty(spans, new double[spans.size()], type);
        current = none;
    }

    /** D = 0. */
    Penalty none() {
        return none;
    }

    /** D by the schedules; valid until they say something else. */
    Penalty at(int iteration, int epoch) {
        double[] next = coefficients.at(iteration, epoch);
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
