package org.dl4jgn.leastsquares;

/**
 * What one iteration did.
 *
 * @param iteration counted from 1; a rejected trial is one of its own
 * @param isAccepted whether the parameters moved
 * @param sumOfSquares S after it
 * @param ratio actual / predicted reduction; 1 where both are below rounding
 * @param damping λ of the trial, in units of the scaled J: relative to the squared column norms
 * @param offset ‖QᵀR-part of r‖ / ‖r‖ before it: the cosine of the angle between r and the tangent space, 0 at a minimum
 * @param nanos time since the search began
 */
public record Progress(
        int iteration,
        boolean isAccepted,
        double sumOfSquares,
        double ratio,
        double damping,
        double offset,
        long nanos) {

    /** Sees each iteration. */
    @FunctionalInterface
    public interface Monitor {

        /** Whether the search is to go on. */
        boolean goesOn(Progress progress);
    }
}
