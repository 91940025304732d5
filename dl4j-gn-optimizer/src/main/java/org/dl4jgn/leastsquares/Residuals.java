package org.dl4jgn.leastsquares;

/**
 * Residuals r(θ) whose sum of squares is to be made small.
 *
 * <p>Implementations are free to keep what they computed at the last θ; they belong to one thread at a time.
 */
public interface Residuals {

    /** m, the number of residuals. */
    int count();

    /** n, the number of parameters. */
    int parameters();

    /**
     * Writes r(θ).
     *
     * @param theta θ, [n], not to be changed or kept
     * @param r [m], overwritten; numbers that are not finite make a step that leads there be rejected
     */
    void values(double[] theta, double[] r);

    /**
     * Writes J = ∂r/∂θ.
     *
     * @param theta θ, [n], not to be changed or kept
     * @param j column by column, with {@code rows} numbers a column of which the first m are to be written
     * @param rows at least m
     */
    void jacobian(double[] theta, double[] j, int rows);

    /** Whether {@link #curvature} is there, which geodesic acceleration needs. */
    default boolean hasCurvature() {
        return false;
    }

    /**
     * Writes the second derivative of r along a direction, d²r(θ + tv)/dt² at t = 0.
     *
     * @param v [n]
     * @param second [m], overwritten
     */
    default void curvature(double[] theta, double[] v, double[] second) {
        throw new UnsupportedOperationException(
                "These residuals have no second derivative; leave geodesic acceleration out");
    }

    /**
     * The length of the vectors that r is the difference of, such as ‖y‖ for r = f − y: r is not known better than to unit
     * roundoff times this, so that smaller changes of it mean nothing. Zero if r is all that there is.
     */
    default double magnitude() {
        return 0;
    }

    /**
     * The smallest element of D relative to the largest, from 0 to 1: 0 where each parameter has a unit of its own, more where
     * they have one together, as the weights of a network do. Without it a unit that is saturated, whose columns are next to
     * zero, has steps of any length.
     */
    default double leastScale() {
        return 0;
    }

    /** λ of the first trial, where none is set, relative to D: more where starts are drawn and not chosen. */
    default double initialDamping() {
        return 1e-3;
    }
}
