/** What the papers' authors measured and printed, to be put beside our figures. */
@NullMarked
package org.dl4jgn.bench.paper;

import org.jspecify.annotations.NullMarked;
