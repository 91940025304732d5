package org.dl4jgn.optimize;

import org.dl4jgn.linalg.ConjugateGradient;

/**
 * How the linear system of a step was solved.
 *
 * @param solver the solver's name, which the solver gives itself
 * @param size rows of the matrix that was factored, or unknowns of the iteration
 * @param damping ρ or λ that was solved with, raised where that was needed
 * @param raises how often the damping was raised because a pivot was not positive
 * @param iterations iterations; for a factorization in float32 the corrections that followed, else 0
 * @param residualNorm ‖(H + ρI)Δ + h‖∞; not a number for a factorization in float64, which is not tested, and
 *     for iterations among the rows
 * @param ending why the solver ended, in words
 */
public record Solve(
        String solver, long size, double damping, int raises, int iterations, double residualNorm, String ending) {

    /** How conjugate gradients found a direction of {@code size} elements. */
    public static Solve of(ConjugateGradient.Result result, long size, double damping) {
        return new Solve(
                "CONJUGATE_GRADIENTS",
                size,
                damping,
                0,
                result.iterations(),
                result.residualNorm(),
                result.ending() + ": " + result);
    }

    /** No system was solved. */
    static Solve none(String why) {
        return new Solve("NONE", 0, Double.NaN, 0, 0, Double.NaN, why);
    }
}
