package org.dl4jgn.optimize;

import java.util.Optional;
import org.dl4jgn.problem.PartCurvature;
import org.dl4jgn.problem.Point;
import org.dl4jgn.problem.Problem;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The curvature of a part of a mini-batch beside the gradient of all of it, where the settings say so. */
final class PartOfExamples {

    private PartOfExamples() {}

    /** {@code point}, with H of a part of its examples, another one in each step; itself where H is that of all. */
    static Point curvature(Problem problem, Point point, INDArray theta, StepRules rules) {
        int parts = rules.parts(problem);
        Optional<Problem> part = parts > 1 ? problem.share(rules.part(parts), parts) : Optional.empty();
        return part.isEmpty() ? point : new PartCurvature(point, part.get().linearize(theta));
    }
}
