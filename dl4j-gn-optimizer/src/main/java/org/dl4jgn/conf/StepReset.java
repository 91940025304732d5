package org.dl4jgn.conf;

/** From which length a line search starts, given the length α that the step before it was accepted with. */
public enum StepReset {
    /** From the learning rate: every search starts anew. */
    LEARNING_RATE,
    /** From α: lengths never grow. */
    CONSERVATIVE,
    /** From α times the growth factor. */
    INCREASE,
    /**
     * From α times the growth factor if α was too short by Goldstein's condition, L(θ + αΔ) ≥ L₀ + (1 − c)α·gᵀΔ, else
     * from α.
     */
    GOLDSTEIN;

    /**
     * The length to start the next search from, before the learning rate bounds it; 0 for the learning rate itself.
     *
     * @param accepted α
     * @param growth the growth factor
     * @param tooShort whether α violated Goldstein's condition
     */
    double next(double accepted, double growth, boolean tooShort) {
        return switch (this) {
            case LEARNING_RATE -> 0;
            case CONSERVATIVE -> accepted;
            case INCREASE -> accepted * growth;
            case GOLDSTEIN -> tooShort ? accepted * growth : accepted;
        };
    }
}
