/**
 * Compiles a SameDiff graph into prepared native calls on preallocated buffers, and runs them.
 *
 * <p>SameDiff's sessions spend about 15 µs on an operation, however small, and its gradient graphs compute much that
 * nothing reads. {@link org.dl4jgn.plan.PlanCompiler} keeps what the wanted outputs depend on, rewrites operations that
 * compute too much ({@code LoweringRules}), sorts the rest by how often it has to run ({@link org.dl4jgn.plan.Stage}),
 * shares memory between values that are not alive together, and binds every call to its arrays: an {@link
 * org.dl4jgn.plan.ExecutionPlan}. {@link org.dl4jgn.plan.Program} is one such sequence of calls, which can also be
 * written by hand. {@code Instruction} and {@code LegacyOps} hold all that touches ND4J's op contexts.
 */
@NullMarked
package org.dl4jgn.plan;

import org.jspecify.annotations.NullMarked;
