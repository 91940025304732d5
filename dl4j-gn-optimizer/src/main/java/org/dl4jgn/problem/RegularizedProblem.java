package org.dl4jgn.problem;

import java.util.List;
import java.util.Optional;
import org.dl4jgn.linalg.LinearOperator;
import org.dl4jgn.linalg.Vectors;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** L(θ) + ½θᵀDθ of a problem L. */
public final class RegularizedProblem implements Problem, AutoCloseable {

    private final Problem data;
    private final Penalty penalty;
    private final INDArray trial;
    private final INDArray origin;
    private final INDArray gradient;

    /** Adds a penalty to a problem, which is not closed with this one. */
    public RegularizedProblem(Problem data, Penalty penalty) {
        this.data = data;
        this.penalty = penalty;
        trial = data.newVector();
        origin = data.newVector();
        gradient = data.newVector();
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
    public double value(INDArray theta) {
        return data.value(theta) + penalty.value(theta);
    }

    @Override
    public double value(INDArray base, double step, INDArray direction) {
        Vectors.copy(base, trial);
        Vectors.axpy(step, direction, trial);
        return value(trial);
    }

    @Override
    public Point linearize(INDArray theta) {
        Point point = data.linearize(theta);
        Vectors.copy(theta, origin);
        Vectors.copy(point.gradient(), gradient);
        penalty.addProduct(origin, gradient);
        return new RegularizedPoint(point, point.value() + penalty.value(origin));
    }

    @Override
    public void close() {
        trial.close();
        origin.close();
        gradient.close();
    }

    /** A point of the data's problem, with the penalty. */
    private final class RegularizedPoint extends DelegatingPoint {

        RegularizedPoint(Point point, double value) {
            super(point, value);
        }

        @Override
        public INDArray gradient() {
            point.gradient(); // says if the point has ended
            return gradient;
        }

        @Override
        public LinearOperator gaussNewton() {
            LinearOperator h = point.gaussNewton();
            return (v, product) -> {
                h.apply(v, product);
                penalty.addProduct(v, product);
            };
        }

        @Override
        public Optional<RowSpace> rowSpace() {
            return point.rowSpace().flatMap(rows -> rows.with(penalty, origin));
        }

        @Override
        public List<LayerFactors> layerFactors() {
            return point.layerFactors();
        }
    }
}
