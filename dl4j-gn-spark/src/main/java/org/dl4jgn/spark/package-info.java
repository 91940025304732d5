/** Gauss-Newton steps on Apache Spark. */
@NullMarked
package org.dl4jgn.spark;

import org.jspecify.annotations.NullMarked;
