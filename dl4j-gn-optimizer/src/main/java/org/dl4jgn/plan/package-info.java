/**
 * Compiles a SameDiff graph into prepared native calls on preallocated buffers, and runs them.
 *
 * <p>SameDiff's sessions spend about 15 µs on an operation, however small, and its gradient graphs compute much that
 * nothing reads. {@link org.dl4jgn.plan.PlanCompiler} keeps what the wanted outputs depend on, rewrites operations that
 * compute too much ({@code LoweringRules}), sorts the rest by how often it has to run ({@link org.dl4jgn.plan.Stage}),
 * shares memory between values that are not alive together, and binds every call to its arrays: an {@link
 * org.dl4jgn.plan.ExecutionPlan}. {@link org.dl4jgn.plan.Program} is one such sequence of calls, which can also be
 * written by hand.
 *
 * <p><b>Who owns what.</b> A plan owns its buffers, the arrays that its instructions need beside their operands, and its
 * native calls, and frees all when it is closed; a program owns its calls. Inputs, prescribed outputs and constants of the
 * graph stay their owner's. {@code CallContext} holds all that touches ND4J's op contexts, {@code LegacyCall} its older
 * operations. Running and binding take no native memory.
 *
 * <p><b>What is asked of a backend.</b> That it runs ND4J's registered operations on prepared contexts and its older
 * element-wise ones, on arrays in row-by-row order and views of them, and gives and takes single numbers. No array goes to
 * the host and back while a plan runs, no element is read or written one by one, and no address is used: but where {@link
 * org.dl4jgn.linalg.HostMemory} says that memory can be addressed, this library's own operations run as loops on it ({@code
 * HostKernels}), which are faster there than ND4J's ({@code BackendKernels}). {@code Kernels.create} chooses;
 * for products {@code ProductCall.of}, {@code SymmetricProduct.of}, {@code TurnedProduct.of} and, of features with empty columns, {@code UsedColumns.of} do, and for transposes {@code Transposition.isFor}. The one number that an embedding's check of class indices reads a mini-batch is all that a plan asks back.
 *
 * <p>It knows of {@link org.dl4jgn.ops} and {@link org.dl4jgn.linalg}.
 */
@NullMarked
package org.dl4jgn.plan;

import org.jspecify.annotations.NullMarked;
