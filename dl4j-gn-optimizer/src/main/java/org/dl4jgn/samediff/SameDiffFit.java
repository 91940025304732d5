package org.dl4jgn.samediff;

import java.util.List;
import java.util.Map;
import org.dl4jgn.leastsquares.LeastSquaresResult;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A fitted graph: the parameters by the names of their variables, and how well they are known. */
public final class SameDiffFit {

    private final GraphParameters parameters;
    private final LeastSquaresResult result;

    SameDiffFit(GraphParameters parameters, LeastSquaresResult result) {
        this.parameters = parameters;
        this.result = result;
    }

    /** The result with all parameters in one vector: variable after variable in the order of the graph, each row by row. */
    public LeastSquaresResult result() {
        return result;
    }

    /** The fitted value of a variable, in its shape. */
    public INDArray parameter(String variable) {
        return parameters.part(result.parameters(), parameters.slot(variable));
    }

    /**
     * The standard errors of a variable's elements, in its shape.
     *
     * @throws IllegalStateException if nothing is known about errors, see {@link LeastSquaresResult#covariance()}
     */
    public INDArray standardError(String variable) {
        return parameters.part(result.standardErrors(), parameters.slot(variable));
    }

    /**
     * The standard errors of what the fitted graph predicts, in the shape of {@code output}: those of the curve, see {@link
     * LeastSquaresResult#predictionErrors}. Compiles the graph for the inputs; n tangents of it.
     *
     * @param output a variable of the graph that was fitted
     * @param inputs the values of the placeholders that it depends on, by their names; other values than were fitted, mostly
     * @throws IllegalStateException as {@link LeastSquaresResult#covariance()}
     */
    public INDArray predictionErrors(SDVariable output, Map<String, INDArray> inputs) {
        List<String> name = List.of(output.name());
        double[] theta = result.parameters();
        try (Derivatives derivatives = new Derivatives(output.getSameDiff(), parameters, inputs, name)) {
            derivatives.moveTo(theta);
            double[][] jacobian = new double[derivatives.length(output.name())][theta.length];
            double[] direction = new double[theta.length];
            for (int column = 0; column < theta.length; column++) {
                direction[column] = 1;
                derivatives.tangent(direction);
                direction[column] = 0;
                double[] slope = derivatives.slope(output.name());
                for (int i = 0; i < slope.length; i++) {
                    jacobian[i][column] = slope[i];
                }
            }
            return Nd4j.createFromArray(result.predictionErrors(jacobian)).reshape(derivatives.shape(output.name()));
        }
    }

    /** One line a variable. */
    @Override
    public String toString() {
        StringBuilder lines = new StringBuilder(result.toString());
        boolean hasErrors = result.degreesOfFreedom() > 0 && Double.isFinite(result.condition());
        for (GraphParameters.Slot slot : parameters.slots()) {
            lines.append('\n').append(slot.name()).append(" = ").append(parameter(slot.name()));
            if (hasErrors) {
                lines.append(" ± ").append(standardError(slot.name()));
            }
        }
        return lines.toString();
    }
}
