/**
 * Losses on the pre-activations z of an output layer: value, gradient and curvature, with the root of the curvature.
 */
@NullMarked
package org.dl4jgn.loss;

import org.jspecify.annotations.NullMarked;
