package org.dl4jgn.linalg;

/**
 * The numbers of conjugate gradients for (A + (ρ + σ)I)Δ = −h beside those for (A + ρI)Δ = −h: both live in the same Krylov
 * space if they start from zero, and the residuals are in proportion, so the second solution costs no product with A
 * (Jegerlehner 1996, arXiv hep-lat/9612014, equations 2.42 to 2.44).
 *
 * <p>After an iteration the second solution moves by {@link #step} along its direction p', and with s the first one's residual
 *
 * <pre>p' ← kept·p' − factor·s.</pre>
 */
final class ShiftedCoefficients {

    private double shift;
    private double factor;
    private double factorBefore;
    private double alphaBefore;
    private double betaBefore;
    private double step;
    private double kept;

    /** Begins at Δ = 0 with σ ≥ 0; p' is −h. */
    void start(double sigma) {
        shift = sigma;
        factor = 1;
        factorBefore = 1;
        alphaBefore = 1;
        betaBefore = 0;
    }

    /** Follows an iteration: its step length, and the share β of the old direction in the next one. */
    void advance(double alpha, double beta) {
        double next = factor
                * factorBefore
                * alphaBefore
                / (alpha * betaBefore * (factorBefore - factor) + factorBefore * alphaBefore * (1 + shift * alpha));
        double ratio = next / factor;
        step = alpha * ratio;
        kept = beta * ratio * ratio;
        factorBefore = factor;
        factor = next;
        alphaBefore = alpha;
        betaBefore = beta;
    }

    double step() {
        return step;
    }

    double kept() {
        return kept;
    }

    double factor() {
        return factor;
    }
}
