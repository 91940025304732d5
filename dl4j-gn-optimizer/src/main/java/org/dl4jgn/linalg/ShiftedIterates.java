package org.dl4jgn.linalg;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The iterates of conjugate gradients for (A + (ρ + σ)I)Δ = −h beside those for (A + ρI)Δ = −h: both live in the same Krylov
 * space if they start from zero, and the residuals are in proportion, so the second solution costs no product with A, but two
 * vectors and two vector updates an iteration (Jegerlehner 1996, arXiv hep-lat/9612014, equations 2.42 to 2.44).
 */
final class ShiftedIterates {

    private final INDArray solution;
    private final ScaledVector direction;
    private double shift;
    private double factor;
    private double factorBefore;
    private double alphaBefore;
    private double betaBefore;

    ShiftedIterates(Buffers buffers, DataType type, long dimension) {
        solution = buffers.allocate(type, dimension);
        direction = new ScaledVector(buffers.allocate(type, dimension));
    }

    /** Begins at Δ = 0 with σ ≥ 0 and the first search direction, −h. */
    void start(double sigma, INDArray h) {
        shift = sigma;
        factor = 1;
        factorBefore = 1;
        alphaBefore = 1;
        betaBefore = 0;
        solution.assign(0.0);
        direction.start(h);
    }

    /** Follows an iteration: its step length, the residual after it, and the share β of the old direction in the next one. */
    void advance(double alpha, INDArray residual, double beta) {
        double next = factor
                * factorBefore
                * alphaBefore
                / (alpha * betaBefore * (factorBefore - factor) + factorBefore * alphaBefore * (1 + shift * alpha));
        double ratio = next / factor;
        Vectors.axpy(alpha * ratio * direction.factor(), direction.vector(), solution);
        direction.follow(beta * ratio * ratio, -next, residual);
        factorBefore = factor;
        factor = next;
        alphaBefore = alpha;
        betaBefore = beta;
    }

    /** Δ for ρ + σ. */
    INDArray solution() {
        return solution;
    }
}
