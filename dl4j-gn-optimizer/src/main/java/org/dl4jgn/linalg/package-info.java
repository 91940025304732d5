/** Vectors and small solvers on ND4J arrays. */
@NullMarked
package org.dl4jgn.linalg;

import org.jspecify.annotations.NullMarked;
