/** Curve fits with certified answers: NIST's reference problems of nonlinear regression, beside Hipparchus. */
@NullMarked
package org.dl4jgn.bench.curves;

import org.jspecify.annotations.NullMarked;
