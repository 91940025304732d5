package org.dl4jgn.optimize;

import org.dl4jgn.problem.PartCurvature;
import org.dl4jgn.problem.Point;
import org.dl4jgn.problem.Problem;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The problem of a step: loss and gradient of all of its examples, and where the settings say so curvature of a part of them,
 * another one in each step. A part that is large enough answers for all of them what the step before did.
 *
 * @param whole all examples
 * @param part those that curvature is taken from; null where that is all of them
 * @param fingerprint of the whole, where the part is asked; else not a number
 */
record PosedStep(Problem whole, @Nullable Problem part, double fingerprint) {

    /** Of fewer examples the noise would hide what a step did for them. */
    private static final long FEWEST = 100;

    /** With the part that the settings say. */
    static PosedStep of(Problem whole, StepRules rules) {
        int parts = rules.parts(whole);
        Problem part = parts > 1 ? whole.share(rules.part(parts), parts).orElse(null) : null;
        boolean isAsked =
                part != null && part.examples() >= FEWEST && rules.state().isValidated();
        return new PosedStep(whole, part, isAsked ? whole.fingerprint() : Double.NaN);
    }

    /** Linearizes at {@code theta}. */
    Point linearize(INDArray theta) {
        Point point = whole.linearize(theta);
        return part == null ? point : new PartCurvature(point, part.linearize(theta));
    }

    /** Whether the part is large enough to say what a step did, and the mini-batch can be told from others without its loss. */
    boolean asksPart() {
        return !Double.isNaN(fingerprint);
    }

    /** What tells this mini-batch from others: its loss at the point, if all of it is asked for that anyway. */
    double mark(Point reached) {
        return asksPart() ? fingerprint : reached.value();
    }
}
