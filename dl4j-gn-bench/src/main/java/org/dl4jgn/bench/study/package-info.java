/** Compares methods by loss per epoch and second: to find settings, not to print results. */
@NullMarked
package org.dl4jgn.bench.study;

import org.jspecify.annotations.NullMarked;
