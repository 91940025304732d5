/**
 * Translates DL4J networks to SameDiff graphs: one small class a layer, in one registry.
 *
 * <p>A {@link org.dl4jgn.translate.Model} is a source of a graph; {@link org.dl4jgn.translate.MultiLayerModel} is the one of
 * DL4J's networks of layers. {@code InputShapes} reads from the first layers what features a network takes, {@code FittingInput}
 * tries which of them go through, and {@link org.dl4jgn.translate.NetworkTranslator} walks through the layers. {@link
 * org.dl4jgn.translate.LayerTranslators} maps each layer class to its translator, {@link
 * org.dl4jgn.translate.ActivationTranslators} each activation; all write through one {@link
 * org.dl4jgn.translate.GraphWriter}, which also collects the {@link org.dl4jgn.translate.ParameterSlot parameters} and the
 * {@link org.dl4jgn.translate.NoiseSlot random inputs}. What flows between layers is {@link
 * org.dl4jgn.translate.Activations}, channels last whatever DL4J's format.
 *
 * <p>The graph ends at the pre-activations of the output layer; the output activation is a graph of its own, {@link
 * org.dl4jgn.translate.OutputActivation}, because the loss decides what it needs of it. Anything without a translation ends in
 * an {@link org.dl4jgn.translate.UnsupportedNetworkException} that names it.
 *
 * <p>A new layer is a {@link org.dl4jgn.translate.LayerTranslator} and its entry in the registry; operations that are new to
 * the library need tangent rules, see {@link org.dl4jgn.autodiff}.
 */
@NullMarked
package org.dl4jgn.translate;

import org.jspecify.annotations.NullMarked;
