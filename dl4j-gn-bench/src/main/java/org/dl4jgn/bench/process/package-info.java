/** Programs in processes of their own. */
@NullMarked
package org.dl4jgn.bench.process;

import org.jspecify.annotations.NullMarked;
