/**
 * What optimizers are compared on. A {@link org.dl4jgn.bench.problem.Problem} loads its data and becomes a
 * {@link org.dl4jgn.bench.problem.Workload}, on which any contender can start a
 * {@link org.dl4jgn.bench.problem.Training}. Supervised problems share
 * {@link org.dl4jgn.bench.problem.SupervisedWorkload}; a problem that is not supervised brings a workload of its own.
 */
@NullMarked
package org.dl4jgn.bench.problem;

import org.jspecify.annotations.NullMarked;
