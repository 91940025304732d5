/**
 * SameDiff operations of this library's own: what convolution and pooling layers are made of besides matrix products.
 *
 * <p>ND4J's convolutions compute all gradients where a product needs one, and its backward operations cannot be
 * differentiated again. Here the geometry of a layer (which input meets which output) is an {@link
 * org.dl4jgn.ops.IndexMap}, and {@link org.dl4jgn.ops.Pick} and its transpose {@link org.dl4jgn.ops.Scatter} apply it:
 * both linear, each the other's derivative. {@link org.dl4jgn.ops.WindowMaximum} with {@link org.dl4jgn.ops.Take} and
 * {@link org.dl4jgn.ops.Put} does the same for indices that depend on the data. SameDiff itself cannot execute these
 * operations; {@link org.dl4jgn.plan} compiles them.
 */
@NullMarked
package org.dl4jgn.ops;

import org.jspecify.annotations.NullMarked;
