/**
 * Losses on the pre-activations z of an output layer: value, gradient and curvature, with the root of the curvature, all
 * from z and to all digits where an output is certain.
 *
 * <p>{@link org.dl4jgn.loss.OutputLosses} is the registry, in which each loss of DL4J has a
 * {@link org.dl4jgn.loss.LossTranslator}; a loss of your own is registered there. What is computed is an
 * {@link org.dl4jgn.loss.OutputLoss}. A {@link org.dl4jgn.loss.PointwiseLoss} is a function of the output o alone, and goes
 * with every activation, as does a {@link org.dl4jgn.loss.JointLoss}, which couples the outputs of a row; a {@link
 * org.dl4jgn.loss.DiagonalLoss} is written for the activation that it is on.
 */
@NullMarked
package org.dl4jgn.loss;

import org.jspecify.annotations.NullMarked;
