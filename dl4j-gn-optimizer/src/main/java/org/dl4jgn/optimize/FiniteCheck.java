package org.dl4jgn.optimize;

import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.problem.Point;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Whether a step can begin where it is: parameters, loss and gradient are numbers. */
final class FiniteCheck {

    private FiniteCheck() {}

    /**
     * Whether loss and gradient are finite; a norm can overflow where they are.
     *
     * @param gradientNorm ‖g‖₂
     */
    static boolean isFinite(Point point, double gradientNorm) {
        return Double.isFinite(point.value()) && (Double.isFinite(gradientNorm) || Vectors.isFinite(point.gradient()));
    }

    /** A saturated unit can hide a parameter that is not finite from the loss, so the loss alone does not tell. */
    static void requireFinite(INDArray theta) {
        if (!Vectors.isFinite(theta)) {
            throw new IllegalStateException("The network's parameters hold "
                    + theta.getDouble(Vectors.firstNonFinite(theta))
                    + ", so no step can be taken: restore them from a good state. No parameter was changed.");
        }
    }

    /** What to say where loss or gradient are not finite. */
    static IllegalStateException overflow(Point point) {
        boolean isLoss = !Double.isFinite(point.value());
        return new IllegalStateException((isLoss ? "The loss" : "The gradient's norm") + " is "
                + (isLoss ? point.value() : Vectors.norm2(point.gradient()))
                + " before the step; features, labels and parameters are"
                + " finite, so it overflows in the network or the loss: check the weights' initialization, the scale of the"
                + " features, labels outside the loss's domain, and masks of features that leave an example without a step. No"
                + " parameter was changed.");
    }
}
