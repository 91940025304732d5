package org.dl4jgn.bench.curves;

import java.util.stream.DoubleStream;
import org.dl4jgn.samediff.SameDiffResiduals;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** A reference problem as residuals of a SameDiff graph, one scalar variable a parameter. */
final class StrdFit {

    private StrdFit() {}

    /** The residuals, with {@code start} in the graph. */
    static SameDiffResiduals residuals(StrdProblem problem, StrdModels.Model model, double[] start) {
        SameDiff graph = SameDiff.create();
        int predictors = problem.observations()[0].length - 1;
        SDVariable[] x = new SDVariable[predictors];
        for (int i = 0; i < predictors; i++) {
            x[i] = graph.placeHolder("x" + (i + 1), DataType.DOUBLE, -1);
        }
        SDVariable[] b = new SDVariable[start.length + 1];
        for (int i = 1; i <= start.length; i++) {
            b[i] = graph.var("b" + i, Nd4j.scalar(start[i - 1]));
        }
        SDVariable f = model.write(graph.math(), b, x);
        double[] y = DoubleStream.of(problem.column(0))
                .map(v -> StrdModels.response(problem.name(), v))
                .toArray();
        SameDiffResiduals.Builder residuals = SameDiffResiduals.of(graph).match(f, Nd4j.createFromArray(y));
        for (int i = 0; i < predictors; i++) {
            residuals.given(x[i], Nd4j.createFromArray(problem.column(i + 1)));
        }
        return residuals.build();
    }
}
