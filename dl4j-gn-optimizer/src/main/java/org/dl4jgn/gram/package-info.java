/**
 * Exact solution of the damped Gauss-Newton system: the rows of the Jacobian in blocks, their Gram matrix, the matrix of the parameters.
 */
@NullMarked
package org.dl4jgn.gram;

import org.jspecify.annotations.NullMarked;
