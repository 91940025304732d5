package org.dl4jgn.testing;

import org.dl4jgn.problem.Point;
import org.dl4jgn.problem.Problem;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Another problem's vectors, losses and points; all else as problems have it by default. For tests that change or count some of it. */
public class DelegatingProblem implements Problem {

    /** The other problem. */
    protected final Problem problem;

    protected DelegatingProblem(Problem problem) {
        this.problem = problem;
    }

    @Override
    public long dimension() {
        return problem.dimension();
    }

    @Override
    public DataType dataType() {
        return problem.dataType();
    }

    @Override
    public double value(INDArray theta) {
        return problem.value(theta);
    }

    @Override
    public double value(INDArray base, double step, INDArray direction) {
        return problem.value(base, step, direction);
    }

    @Override
    public Point linearize(INDArray theta) {
        return problem.linearize(theta);
    }
}
