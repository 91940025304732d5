/**
 * The parts of {@link org.dl4jgn.examples.SineComparison}: {@link org.dl4jgn.examples.sine.SineData the data}, {@link
 * org.dl4jgn.examples.sine.Contender the optimizers}, {@link org.dl4jgn.examples.sine.TimedTraining a timed training
 * run} that leaves a {@link org.dl4jgn.examples.sine.Curve loss curve}, and what is shown of the curves: {@link
 * org.dl4jgn.examples.sine.TrainingProgress progress}, {@link org.dl4jgn.examples.sine.ComparisonTable table}, {@link
 * org.dl4jgn.examples.sine.ComparisonChart chart}.
 */
@NullMarked
package org.dl4jgn.examples.sine;

import org.jspecify.annotations.NullMarked;
