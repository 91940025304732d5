/**
 * Nonlinear least squares to the last digit: {@link org.dl4jgn.leastsquares.LevenbergMarquardt} on {@link
 * org.dl4jgn.leastsquares.Residuals}, which a SameDiff graph, a network or plain Java code can be.
 *
 * <p>Everything here is of double, full batch, and by QR factorizations of the Jacobian. Notation: m residuals r(θ), n
 * parameters θ, J = ∂r/∂θ [m, n], S = ‖r‖².
 */
@NullMarked
package org.dl4jgn.leastsquares;

import org.jspecify.annotations.NullMarked;
