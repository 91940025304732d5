/**
 * Vectors and small solvers on ND4J arrays, without networks.
 *
 * <p>{@link org.dl4jgn.linalg.Vectors} is BLAS level 1 without allocation; {@link
 * org.dl4jgn.linalg.ConjugateGradient} solves with a {@link org.dl4jgn.linalg.LinearOperator}, a symmetric matrix that is
 * known by its products alone. {@link org.dl4jgn.linalg.Buffers} owns arrays, and {@link org.dl4jgn.linalg.HostMemory} says
 * whether code of this library may work on their memory itself.
 */
@NullMarked
package org.dl4jgn.linalg;

import org.jspecify.annotations.NullMarked;
