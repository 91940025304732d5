package org.dl4jgn.conf;

/**
 * The loss along a direction Δ, φ(α) = L(θ + αΔ) for one mini-batch: all that a line search knows of a training.
 */
public interface Ray {

    /** φ(0). */
    double loss();

    /** hᵀΔ, by which a decrease is measured: φ′(0) where h is the gradient; with momentum h is its average. */
    double slope();

    /** Differences of φ up to this are rounding, and mean nothing; ≥ 0. */
    double rounding();

    /**
     * φ(α), at the cost of one forward pass; not a number or infinite where the loss or a parameter is not finite.
     *
     * @param step α > 0
     */
    double value(double step);
}
