/**
 * Measurements of speed and memory. {@link org.dl4jgn.bench.SpeedReport} runs them side by side and prints ratios; the
 * JMH classes can be run alone as well.
 */
@NullMarked
package org.dl4jgn.bench;

import org.jspecify.annotations.NullMarked;
