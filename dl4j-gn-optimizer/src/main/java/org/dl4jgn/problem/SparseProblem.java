package org.dl4jgn.problem;

import java.util.Optional;
import org.dl4jgn.linalg.LinearOperator;
import org.dl4jgn.linalg.Vectors;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * L(θ) + Σᵢ λᵢ|θᵢ| of a problem L, by steps within an orthant face (Andrew and Gao 2007; with the Newton system restricted to the
 * face, Byrd, Chin, Nocedal and Oztoprak 2016): the gradient is the pseudo-gradient, H acts on the free parameters alone, and a
 * trial point that would change the sign of a parameter has zero there. So parameters become zero exactly, and the search sees
 * the loss with the penalty, at the points where the step can end.
 *
 * <p>A direction of descent of the face stays one when it is confined to it. There is no row space: exact directions are found by
 * products.
 */
public final class SparseProblem implements Problem, Kinks {

    private final Problem data;
    private final AbsolutePenalty penalty;

    /** Adds a penalty to a problem; neither is closed with this one, and the penalty serves one problem at a time. */
    public SparseProblem(Problem data, AbsolutePenalty penalty) {
        this.data = data;
        this.penalty = penalty;
    }

    @Override
    public long dimension() {
        return data.dimension();
    }

    @Override
    public DataType dataType() {
        return data.dataType();
    }

    @Override
    public long examples() {
        return data.examples();
    }

    @Override
    public long outputs() {
        return data.outputs();
    }

    @Override
    public double value(INDArray theta) {
        return data.value(theta) + penalty.value(theta);
    }

    /** At the point of the face of {@code base}, where the problem was linearized last. */
    @Override
    public double value(INDArray base, double step, INDArray direction) {
        INDArray trial = penalty.trial();
        Vectors.copy(base, trial);
        Vectors.axpy(step, direction, trial);
        confine(trial);
        return value(trial);
    }

    @Override
    public Point linearize(INDArray theta) {
        Point point = data.linearize(theta);
        return new SparsePoint(point, point.value() + penalty.value(theta), penalty.take(theta, point.gradient()));
    }

    /** Part of the examples, on the face of the whole's point. */
    @Override
    public Optional<Problem> share(int index, int shares) {
        return data.share(index, shares).map(Share::new);
    }

    @Override
    public @Nullable Kinks kinks() {
        return this;
    }

    @Override
    public void confine(INDArray next) {
        penalty.confine(next);
    }

    @Override
    public void copyZeros(INDArray from, INDArray to) {
        penalty.copyZeros(from, to);
    }

    /** A part, for its curvature: its gradient is without the penalty. */
    private final class Share implements Problem {

        private final Problem part;

        Share(Problem part) {
            this.part = part;
        }

        @Override
        public long dimension() {
            return part.dimension();
        }

        @Override
        public DataType dataType() {
            return part.dataType();
        }

        @Override
        public double value(INDArray theta) {
            return part.value(theta);
        }

        @Override
        public double value(INDArray base, double step, INDArray direction) {
            return part.value(base, step, direction);
        }

        @Override
        public Point linearize(INDArray theta) {
            Point point = part.linearize(theta);
            return new SparsePoint(point, point.value(), null);
        }
    }

    /** A point of the data's problem, with the penalty. */
    private final class SparsePoint extends DelegatingPoint {

        private final @Nullable INDArray pseudoGradient;

        SparsePoint(Point point, double value, @Nullable INDArray pseudoGradient) {
            super(point, value);
            this.pseudoGradient = pseudoGradient;
        }

        @Override
        public INDArray gradient() {
            INDArray ofData = point.gradient(); // says if the point has ended
            return pseudoGradient == null ? ofData : pseudoGradient;
        }

        @Override
        public LinearOperator gaussNewton() {
            LinearOperator h = point.gaussNewton();
            return (v, product) -> {
                h.apply(v, product);
                penalty.restrict(product);
            };
        }

        @Override
        public Optional<RowSpace> rowSpace() {
            return Optional.empty();
        }
    }
}
