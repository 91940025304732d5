/**
 * The step loop, on whatever {@link org.dl4jgn.problem.Problem}: a direction proposes, the search decides, the damping
 * learns.
 *
 * <p>{@link org.dl4jgn.optimize.GaussNewtonStep} takes one step after another and makes a {@link
 * org.dl4jgn.optimize.Step} of each; it moves nothing itself. {@link org.dl4jgn.optimize.Direction} is the interface of
 * what finds a direction, {@code SgnDirection} and {@code EgnDirection} are those of the library; {@code StepSearch} asks the
 * settings' line search how far to go, and tells bad luck from the end of a training; {@link
 * org.dl4jgn.optimize.TrainingState} keeps what each component remembers in an array that is saved.
 *
 * <p>A new solver is one new {@code Direction}, {@linkplain org.dl4jgn.optimize.Directions#register registered} for its
 * settings. Nothing here knows of networks: {@code org.dl4jgn.dl4j} is the seam to DL4J's training loop.
 */
@NullMarked
package org.dl4jgn.optimize;

import org.jspecify.annotations.NullMarked;
