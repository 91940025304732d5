package org.dl4jgn.samediff;

import org.dl4jgn.autodiff.ForwardMode;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Derivatives of a graph's output with respect to its input, as variables of the same graph: for residuals of differential
 * equations.
 *
 * <pre>{@code
 * SDVariable u = network(x);                                          // x [points, dimensions], u [points, 1]
 * SDVariable residual = InputDerivatives.laplacian(u, x).add(f);      // Δu + f
 * SameDiffResiduals.of(sd).given(...).vanish(residual).vanish(boundary, 10)
 * }</pre>
 *
 * <p>They are exact, by forward mode, for second derivatives twice, and can be differentiated again with respect to the
 * parameters. Each point's output must depend on that point alone. Cost: a first derivative about that of u, a second one three
 * times that; values that several share are computed once.
 */
public final class InputDerivatives {

    private InputDerivatives() {}

    /** ∂u/∂xᵢ, of the shape of u. */
    public static SDVariable first(SDVariable u, SDVariable x, int axis) {
        return along(u, x, direction(x, axis));
    }

    /** ∂²u/∂xᵢ². */
    public static SDVariable second(SDVariable u, SDVariable x, int axis) {
        SDVariable direction = direction(x, axis);
        return along(along(u, x, direction), x, direction);
    }

    /** ∂²u/∂xᵢ∂xⱼ. */
    public static SDVariable mixed(SDVariable u, SDVariable x, int axis, int other) {
        return along(first(u, x, axis), x, direction(x, other));
    }

    /** Σᵢ ∂²u/∂xᵢ². */
    public static SDVariable laplacian(SDVariable u, SDVariable x) {
        SDVariable sum = second(u, x, 0);
        for (int axis = 1; axis < dimensions(x); axis++) {
            sum = sum.add(second(u, x, axis));
        }
        return sum;
    }

    private static int dimensions(SDVariable x) {
        long[] shape = x.getShape();
        if (shape == null || shape.length != 2 || shape[1] < 1) {
            throw new IllegalArgumentException("'" + x.name()
                    + "' must be of shape [points, dimensions] with a known number of dimensions, such as a placeholder"
                    + " [-1, 2]");
        }
        return (int) shape[1];
    }

    private static SDVariable direction(SDVariable x, int axis) {
        int dimensions = dimensions(x);
        if (axis < 0 || axis >= dimensions) {
            throw new IllegalArgumentException(
                    "axis is " + axis + ", but must be from 0 to " + (dimensions - 1) + " for '" + x.name() + "'");
        }
        SameDiff graph = x.getSameDiff();
        INDArray unit = Nd4j.zeros(x.dataType(), 1, dimensions).putScalar(0, axis, 1);
        return graph.zerosLike(x).add(graph.constant(unit));
    }

    private static SDVariable along(SDVariable u, SDVariable x, SDVariable direction) {
        return new ForwardMode(x.getSameDiff())
                .seed(x, direction)
                .tangent(u)
                .orElseThrow(() -> new IllegalArgumentException("'" + u.name() + "' does not depend on '" + x.name()
                        + "', or not on it any more after so many derivatives"));
    }
}
