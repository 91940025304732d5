/** The experiments of the SGN paper: their data, networks and protocol, and what their authors printed. */
@NullMarked
package org.dl4jgn.bench.paper;

import org.jspecify.annotations.NullMarked;
