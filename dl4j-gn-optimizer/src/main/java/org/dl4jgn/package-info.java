/**
 * Gauss-Newton training for DL4J networks: what users call.
 *
 * <p>{@link org.dl4jgn.GaussNewton} is the entry point. Settings are made in {@link org.dl4jgn.conf}, beginning with
 * {@link org.dl4jgn.conf.Sgn}; {@link org.dl4jgn.GaussNewtonListener} and {@link org.dl4jgn.StepReport} tell what the
 * steps did; {@link org.dl4jgn.curvature.Linearization} gives Jacobian and Gauss-Newton products of any supported
 * network, whatever trains it. The other packages are how it works: {@link org.dl4jgn.optimize} takes the steps, on the
 * products that {@link org.dl4jgn.curvature} computes.
 */
@NullMarked
package org.dl4jgn;

import org.jspecify.annotations.NullMarked;
