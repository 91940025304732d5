/**
 * What is minimized: a {@link org.dl4jgn.problem.Problem} has values and is linearized at a {@link
 * org.dl4jgn.problem.Point}, which has the gradient, the Gauss-Newton operator and, where it can, the rows that exact systems
 * are formed of.
 *
 * <p>Directions, searches and damping are written against these types alone. A network on a mini-batch is one such problem;
 * sums of problems, and problems with l2, are made of others.
 */
@NullMarked
package org.dl4jgn.problem;

import org.jspecify.annotations.NullMarked;
