package org.dl4jgn.leastsquares;

/** Why a minimization ended. */
public enum Ending {
    /**
     * The undamped Gauss-Newton step would change no parameter by more than the tolerance: a local minimum, with every
     * parameter determined.
     */
    STEP(true, "the Gauss-Newton step is below the tolerance in every parameter"),

    /** The residuals are at right angles to all columns of J, to the tolerance or as exactly as they are known. */
    GRADIENT(true, "the residuals are orthogonal to the tangent space, to the tolerance"),

    /** The residuals are as small as they can be computed. */
    EXACT(true, "the residuals are zero to rounding"),

    /** Sum of squares as small as was asked for. */
    TARGET(true, "the sum of squares is as small as was asked for"),

    /**
     * The sum of squares does not fall any more, but the data do not determine every parameter where that is: J has not full
     * rank. For a network with more weights than it needs this is the usual end; a curve fit has run into a place where a
     * parameter has no effect.
     */
    SINGULAR(
            false,
            "the sum of squares no longer falls, and the Jacobian has not full rank there: some parameters are not"
                    + " determined; take another start, fix parameters, or simplify the model"),

    /** No step, however short, lowers the sum of squares, though the gradient says that one should. */
    STALLED(
            false,
            "no step lowers the sum of squares, though its gradient is not zero: the Jacobian may not be that of the"
                    + " residuals, or rounding is too large; rescale parameters or data"),

    /** The largest number of iterations. */
    ITERATIONS(false, "the largest number of iterations was reached; the search can go on from the result"),

    /** The monitor asked for it. */
    STOPPED(false, "it was stopped from outside");

    private final boolean converged;
    private final String explanation;

    Ending(boolean converged, String explanation) {
        this.converged = converged;
        this.explanation = explanation;
    }

    /** Whether the parameters are those of a local minimum, to the tolerances. */
    public boolean isConverged() {
        return converged;
    }

    /** What it means, and what to do where that is something. */
    public String explanation() {
        return explanation;
    }
}
