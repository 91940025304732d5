package org.dl4jgn.testing;

import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.dl4jgn.linalg.LinearOperator;
import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.problem.Point;
import org.dl4jgn.problem.Problem;
import org.dl4jgn.problem.RowSpace;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A problem that is wrong in some way, for what happens then. */
public final class ChangedProblem extends DelegatingProblem {

    private final Predicate<INDArray> where;
    private final DoubleUnaryOperator value;
    private final UnaryOperator<INDArray> gradient;
    private final LinearOperator addedCurvature;
    private final boolean hasRows;

    private ChangedProblem(
            Problem problem,
            Predicate<INDArray> where,
            DoubleUnaryOperator value,
            UnaryOperator<INDArray> gradient,
            LinearOperator addedCurvature,
            boolean hasRows) {
        super(problem);
        this.where = where;
        this.value = value;
        this.gradient = gradient;
        this.addedCurvature = addedCurvature;
        this.hasRows = hasRows;
    }

    private static final LinearOperator NOTHING = (v, product) -> product.assign(0.0);

    /** With another loss at some θ. */
    public static Problem value(Problem problem, Predicate<INDArray> where, DoubleUnaryOperator value) {
        return new ChangedProblem(problem, where, value, g -> g, NOTHING, true);
    }

    /** With another gradient at some θ. */
    public static Problem gradient(Problem problem, Predicate<INDArray> where, UnaryOperator<INDArray> gradient) {
        return new ChangedProblem(problem, where, v -> v, gradient, NOTHING, true);
    }

    /** With H + κI, and without rows. */
    public static Problem curvature(Problem problem, double kappa) {
        return new ChangedProblem(
                problem, theta -> true, v -> v, g -> g, (v, product) -> product.assign(v.mul(kappa)), false);
    }

    /** Without rows. */
    public static Problem withoutRows(Problem problem) {
        return curvature(problem, 0);
    }

    @Override
    public double value(INDArray theta) {
        double plain = problem.value(theta);
        return where.test(theta) ? value.applyAsDouble(plain) : plain;
    }

    @Override
    public double value(INDArray base, double step, INDArray direction) {
        INDArray there = base.dup();
        Vectors.axpy(step, direction, there);
        return value(there);
    }

    @Override
    public Point linearize(INDArray theta) {
        Point point = problem.linearize(theta);
        double loss = value(theta);
        INDArray g = where.test(theta) ? gradient.apply(point.gradient().dup()) : point.gradient();
        return new Point() {
            @Override
            public double value() {
                return loss;
            }

            @Override
            public double leastValue() {
                return point.leastValue();
            }

            @Override
            public double rounding() {
                return point.rounding();
            }

            @Override
            public double lossCurvature() {
                return point.lossCurvature();
            }

            @Override
            public INDArray gradient() {
                return g;
            }

            @Override
            public LinearOperator gaussNewton() {
                LinearOperator h = point.gaussNewton();
                return (v, product) -> {
                    h.apply(v, product);
                    INDArray added = v.dup();
                    addedCurvature.apply(v, added);
                    product.addi(added);
                };
            }

            @Override
            public Optional<RowSpace> rowSpace() {
                return hasRows ? point.rowSpace() : Optional.empty();
            }
        };
    }
}
