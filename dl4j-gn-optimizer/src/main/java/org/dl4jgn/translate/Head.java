package org.dl4jgn.translate;

import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * The end of a network, beyond its pre-activations z: o = σ(z), and the loss ℓ(o, y).
 *
 * @param layer index of the output layer
 * @param conf its configuration
 * @param loss ℓ
 * @param activation σ
 */
public record Head(int layer, BaseLayer conf, ILossFunction loss, IActivation activation) {}
