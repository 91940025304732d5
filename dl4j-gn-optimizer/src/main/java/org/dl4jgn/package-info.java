/** Gauss-Newton training for DL4J networks: what users call. */
@NullMarked
package org.dl4jgn;

import org.jspecify.annotations.NullMarked;
