/**
 * Translates DL4J networks to SameDiff graphs: one small class a layer, in one registry.
 *
 * <p>{@link org.dl4jgn.translate.NetworkTranslator} walks through the layers, {@code LayerTranslators} maps each layer class
 * to its translator, {@link org.dl4jgn.translate.ActivationWriter} and {@code DropoutWriter} write what layers share, all
 * through one {@link org.dl4jgn.translate.GraphWriter}, which also collects the {@link org.dl4jgn.translate.ParameterSlot
 * parameters} and the {@link org.dl4jgn.translate.NoiseSlot random inputs}. The graph ends at the pre-activations of the
 * output layer; the output activation is a graph of its own, {@link org.dl4jgn.translate.OutputActivation}, because the loss
 * decides what it needs of it. Anything without a translation ends in an {@link
 * org.dl4jgn.translate.UnsupportedNetworkException} that names it.
 *
 * <p>A new layer is a {@code LayerTranslator} and its entry in {@code LayerTranslators}; operations that are new to the
 * library need tangent rules, see {@link org.dl4jgn.autodiff}.
 */
@NullMarked
package org.dl4jgn.translate;

import org.jspecify.annotations.NullMarked;
