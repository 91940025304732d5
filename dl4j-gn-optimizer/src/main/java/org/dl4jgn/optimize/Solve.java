package org.dl4jgn.optimize;

import org.dl4jgn.linalg.ConjugateGradient;

/**
 * How the linear system of a step was solved.
 *
 * @param solver the method
 * @param size rows of the matrix that was factored, or unknowns of the iteration
 * @param damping ρ or λ that was solved with, raised where that was needed
 * @param raises how often the damping was raised because a pivot was not positive
 * @param iterations iterations; for a factorization in float32 the corrections that followed, else 0
 * @param residualNorm ‖(H + ρI)Δ + h‖∞; not a number for a factorization in float64, which is not tested
 * @param ending why the solver ended, in words
 */
public record Solve(
        Solver solver, long size, double damping, int raises, int iterations, double residualNorm, String ending) {

    /** How conjugate gradients found a direction of {@code size} elements. */
    static Solve of(ConjugateGradient.Result result, long size, double damping) {
        return new Solve(
                Solver.CONJUGATE_GRADIENTS,
                size,
                damping,
                0,
                result.iterations(),
                result.residualNorm(),
                result.ending() + ": " + result);
    }

    /** The methods. */
    public enum Solver {
        /** Cholesky of the b·c × b·c matrix of outputs. */
        GRAM_CHOLESKY,
        /** Cholesky of the d × d matrix of parameters. */
        PARAMETER_CHOLESKY,
        /** Conjugate gradients over the parameters, without a matrix. */
        CONJUGATE_GRADIENTS
    }
}
