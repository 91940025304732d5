/**
 * A network differentiated and compiled for one batch size, and the flat vectors of its parameters.
 */
@NullMarked
package org.dl4jgn.network;

import org.jspecify.annotations.NullMarked;
