/** The linearized network: loss, gradient, Jacobian and Gauss-Newton products at a point. */
@NullMarked
package org.dl4jgn.curvature;

import org.jspecify.annotations.NullMarked;
