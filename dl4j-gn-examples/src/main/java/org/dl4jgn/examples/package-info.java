/**
 * Programs to read and to run, shortest first: {@link org.dl4jgn.examples.FirstNetwork}, {@link
 * org.dl4jgn.examples.WatchATraining}, {@link org.dl4jgn.examples.SaveAndResume}, {@link
 * org.dl4jgn.examples.Classification}, {@link org.dl4jgn.examples.Forecast}, {@link org.dl4jgn.examples.OwnCsv}, {@link org.dl4jgn.examples.TuningNothing}, {@link
 * org.dl4jgn.examples.ResearchersCorner}, {@link org.dl4jgn.examples.SineComparison}.
 */
@NullMarked
package org.dl4jgn.examples;

import org.jspecify.annotations.NullMarked;
