/**
 * SameDiff operations of this library's own: what convolution and pooling layers are made of besides matrix products.
 *
 * <p>ND4J's convolutions compute all gradients where a product needs one, and its backward operations cannot be
 * differentiated again. Here the geometry of a layer (which input meets which output) is an {@link
 * org.dl4jgn.ops.IndexMap}, and {@link org.dl4jgn.ops.Pick} and its transpose {@link org.dl4jgn.ops.Scatter} apply it:
 * both linear, each the other's derivative. {@link org.dl4jgn.ops.WindowMaximum} with {@link org.dl4jgn.ops.Take} and
 * {@link org.dl4jgn.ops.Put} does the same for indices that depend on the data. SameDiff itself cannot execute these
 * operations: a plan compiles them, to loops of this library where the backend's memory can be addressed and to ND4J's own
 * operations elsewhere.
 *
 * <p>The lowest of the packages that know of graphs: layers are written with these operations, forward mode asks each for
 * its tangent, plans run them. It knows of SameDiff and of nothing else in this library. A new operation is a {@link
 * org.dl4jgn.ops.GraphOp} with its tangent and its transpose, and what it runs as, in the package {@code plan}, for both
 * kinds of backend.
 */
@NullMarked
package org.dl4jgn.ops;

import org.jspecify.annotations.NullMarked;
