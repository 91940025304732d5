/** Compiles a SameDiff graph into prepared native calls on preallocated buffers, and runs them. */
@NullMarked
package org.dl4jgn.plan;

import org.jspecify.annotations.NullMarked;
