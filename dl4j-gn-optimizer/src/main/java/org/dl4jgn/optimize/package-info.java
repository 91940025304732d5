/** The step loop: a direction proposes, the search decides and applies, and the seam to DL4J's training loop. */
@NullMarked
package org.dl4jgn.optimize;

import org.jspecify.annotations.NullMarked;
