/**
 * The step loop: a direction proposes, the search decides and applies; and the seam to DL4J's training loop.
 *
 * <p>{@link org.dl4jgn.dl4j.GaussNewtonSolver} is what DL4J's {@code fit} calls, {@link
 * org.dl4jgn.dl4j.GaussNewtonOptimizer} the {@code ConvexOptimizer} in it: it takes the network's current batch
 * through one step and calls the listeners as DL4J's own optimizers do. {@code GaussNewtonStep} is the step itself;
 * {@code Direction} is the interface of what finds a direction, {@code SgnDirection} the one of SGN; {@code
 * Backtracking} decides how far to go; {@code TrainingState} keeps momentum, damping and counters in DL4J's updater
 * state. The network's parameters are written once a step, after it has been accepted.
 *
 * <p>A new solver is one new {@code Direction}, with its entry in {@code Directions}.
 */
@NullMarked
package org.dl4jgn.optimize;

import org.jspecify.annotations.NullMarked;
