package org.dl4jgn.problem;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.dl4jgn.linalg.LinearOperator;
import org.dl4jgn.linalg.Vectors;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Σₚ Lₚ(θ): a mini-batch in parts is the sum of the parts, each with the normalizer of the whole.
 *
 * <p>Values, gradients, products and roundings add up. There is no row space: exact directions come by conjugate gradients.
 */
public final class SumProblem implements Problem, AutoCloseable {

    private final List<Problem> parts;
    private final INDArray gradient;
    private final INDArray product;

    /**
     * Sums problems, which are not closed with this one.
     *
     * @throws IllegalArgumentException if there is none, or they differ in dimension or type
     */
    public SumProblem(List<? extends Problem> parts) {
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("A sum of no problems; at least one is needed");
        }
        this.parts = List.copyOf(parts);
        Problem first = this.parts.get(0);
        for (Problem part : this.parts) {
            if (part.dimension() != first.dimension() || part.dataType() != first.dataType()) {
                throw new IllegalArgumentException("Problems of " + first.dimension() + " parameters of type "
                        + first.dataType() + " and of " + part.dimension() + " of type " + part.dataType()
                        + " cannot be summed; they must agree in both");
            }
        }
        gradient = first.newVector();
        product = first.newVector();
    }

    @Override
    public long dimension() {
        return parts.get(0).dimension();
    }

    @Override
    public DataType dataType() {
        return parts.get(0).dataType();
    }

    @Override
    public double value(INDArray theta) {
        return parts.stream().mapToDouble(part -> part.value(theta)).sum();
    }

    @Override
    public double value(INDArray base, double step, INDArray direction) {
        return parts.stream()
                .mapToDouble(part -> part.value(base, step, direction))
                .sum();
    }

    @Override
    public Point linearize(INDArray theta) {
        List<Point> points = new ArrayList<>();
        gradient.assign(0.0);
        for (Problem part : parts) {
            Point point = part.linearize(theta);
            Vectors.axpy(1.0, point.gradient(), gradient);
            points.add(point);
        }
        return new SumPoint(points);
    }

    @Override
    public void close() {
        gradient.close();
        product.close();
    }

    /** A point of every part. */
    private final class SumPoint implements Point {

        private final List<Point> points;

        SumPoint(List<Point> points) {
            this.points = points;
        }

        private double sum(ToDoubleFunction<Point> query) {
            return points.stream().mapToDouble(query).sum();
        }

        @Override
        public double value() {
            return sum(Point::value);
        }

        @Override
        public double leastValue() {
            return sum(Point::leastValue);
        }

        @Override
        public double rounding() {
            return sum(Point::rounding);
        }

        @Override
        public double lossCurvature() {
            return sum(Point::lossCurvature);
        }

        @Override
        public INDArray gradient() {
            points.forEach(Point::gradient); // says if a point has ended
            return gradient;
        }

        @Override
        public LinearOperator gaussNewton() {
            List<LinearOperator> operators =
                    points.stream().map(Point::gaussNewton).toList();
            return (v, result) -> {
                result.assign(0.0);
                for (LinearOperator h : operators) {
                    h.apply(v, product);
                    Vectors.axpy(1.0, product, result);
                }
            };
        }

        @Override
        public Optional<RowSpace> rowSpace() {
            return Optional.empty();
        }
    }
}
