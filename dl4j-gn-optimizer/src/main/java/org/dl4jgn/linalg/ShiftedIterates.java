package org.dl4jgn.linalg;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The iterates of conjugate gradients for a second damping, at the cost of two vectors and two vector updates an iteration. */
final class ShiftedIterates {

    private final INDArray solution;
    private final ScaledVector direction;
    private final ShiftedCoefficients coefficients = new ShiftedCoefficients();

    ShiftedIterates(Buffers buffers, DataType type, long dimension) {
        solution = buffers.allocate(type, dimension);
        direction = new ScaledVector(buffers.allocate(type, dimension));
    }

    /** Begins at Δ = 0 with σ ≥ 0 and the first search direction, −h. */
    void start(double sigma, INDArray h) {
        coefficients.start(sigma);
        solution.assign(0.0);
        direction.start(h);
    }

    /** Follows an iteration: its step length, the residual after it, and the share β of the old direction in the next one. */
    void advance(double alpha, INDArray residual, double beta) {
        coefficients.advance(alpha, beta);
        Vectors.axpy(coefficients.step() * direction.factor(), direction.vector(), solution);
        direction.follow(coefficients.kept(), -coefficients.factor(), residual);
    }

    /** Δ for ρ + σ. */
    INDArray solution() {
        return solution;
    }
}
