package org.dl4jgn.samediff;

import org.dl4jgn.leastsquares.LeastSquaresResult;
import org.nd4j.linalg.api.ndarray.INDArray;

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
