package org.dl4jgn.gram;

/** The matrices through which (H + λI)Δ = −g can be solved by a factorization. */
public enum SystemKind {
    /** b·c rows: the Gram matrix of the Jacobian's rows. */
    GRAM,
    /** d rows: H itself. */
    PARAMETERS
}
