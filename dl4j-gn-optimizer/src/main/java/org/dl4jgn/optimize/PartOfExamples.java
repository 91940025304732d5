package org.dl4jgn.optimize;

import java.util.Optional;
import org.dl4jgn.linalg.Buffers;
import org.dl4jgn.problem.PartCurvature;
import org.dl4jgn.problem.Point;
import org.dl4jgn.problem.Problem;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The curvature of a part of a mini-batch beside the gradient of all of it, where the settings say so. */
final class PartOfExamples implements AutoCloseable {

    private final DataType type;
    private final long dimension;
    private final Buffers buffers = new Buffers();
    private @Nullable INDArray difference;

    PartOfExamples(DataType type, long dimension) {
        this.type = type;
        this.dimension = dimension;
    }

    /** {@code point}, with H of a part of its examples, another one in each step; itself where H is that of all. */
    Point curvature(Problem problem, Point point, INDArray theta, StepRules rules) {
        int parts = rules.parts(problem);
        Optional<Problem> part = parts > 1 ? problem.share(rules.part(parts), parts) : Optional.empty();
        if (part.isEmpty()) {
            return point;
        }
        if (difference == null) {
            difference = buffers.allocate(type, dimension);
        }
        return new PartCurvature(point, part.get().linearize(theta), difference);
    }

    @Override
    public void close() {
        buffers.close();
    }
}
