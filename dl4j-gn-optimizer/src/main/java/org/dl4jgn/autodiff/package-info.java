/**
 * Forward-mode differentiation for SameDiff, which has reverse mode only.
 *
 * <p>{@link org.dl4jgn.autodiff.ForwardMode} extends a graph by the tangents of its variables, with one {@code
 * TangentRule} an operation ({@link org.dl4jgn.autodiff.TangentRules}, which takes rules of users as well). The result is linear in the seeds, so {@link
 * org.dl4jgn.autodiff.ReverseMode}, SameDiff's own gradient rules applied to the tangent graph, transposes it: Jv gives
 * Jᵀu. This package knows of SameDiff, and of this library's own
 * operations ({@link org.dl4jgn.ops}), which bring their tangents along.
 */
@NullMarked
package org.dl4jgn.autodiff;

import org.jspecify.annotations.NullMarked;
