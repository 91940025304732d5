package org.dl4jgn.plan;

/**
 * When an instruction of a plan has to run again.
 *
 * <p>The stages are ordered: a value of one stage may be read in any later stage, never in an earlier one.
 */
public enum Stage {
    /** Depends on the features only: once for each mini-batch. */
    BATCH,
    /** Depends on parameters and data and is needed for the network's output: once for each evaluation. */
    FORWARD,
    /** Depends on parameters and data only but is needed for products alone: once for each linearization point. */
    LINEARIZE,
    /** Depends on the tangent: once for each Jacobian-vector product. */
    JVP,
    /** Depends on the cotangent: once for each vector-Jacobian product. */
    VJP
}
