/**
 * The control problems of the EGN paper: {@link org.dl4jgn.bench.control.DeepQLearning} on {@link
 * org.dl4jgn.bench.control.CartPole} and {@link org.dl4jgn.bench.control.Acrobot}, and a {@link
 * org.dl4jgn.bench.control.Regulator} of a linear system, learned by policy gradient, whose optimum is known. Each is run
 * with an optimizer of DL4J, a seed, which decides every random draw, and a {@link org.dl4jgn.bench.control.Budget}, and
 * gives a curve.
 */
@NullMarked
package org.dl4jgn.bench.control;

import org.jspecify.annotations.NullMarked;
