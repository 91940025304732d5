package org.dl4jgn.plan;

/** How one kind of SameDiff operation becomes {@link Node}s, no more of them than its wanted outputs need. */
@FunctionalInterface
interface LoweringRule {
    void lower(Lowering op);
}
