package org.dl4jgn.translate;

import java.util.List;

/**
 * Random inputs of the graph, drawn once a step: one draw serves the gradient, all products and all trial losses.
 *
 * @param variables names of the variables in the graph, all of the same shape
 * @param shape their shape
 * @param sampler draws them together
 */
public record NoiseSlot(List<String> variables, long[] shape, NoiseSampler sampler) {}
