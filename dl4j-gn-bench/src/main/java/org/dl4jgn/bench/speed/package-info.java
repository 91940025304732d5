/**
 * Time of a step, beside others: JMH's benchmarks ({@link org.dl4jgn.bench.speed.StepBenchmark}, {@link
 * org.dl4jgn.bench.speed.EgnBenchmark}, {@link org.dl4jgn.bench.speed.ImageBenchmark}), which can be run alone as well, and
 * the reports that run them side by side, with PyTorch's yardstick, and print ratios.
 */
@NullMarked
package org.dl4jgn.bench.speed;

import org.jspecify.annotations.NullMarked;
