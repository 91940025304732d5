package org.dl4jgn.translate;

import java.util.List;

/**
 * Random inputs of the graph, drawn once a step: one draw serves the gradient, all products and all trial losses.
 *
 * @param variables names of the variables in the graph, all of the same shape
 * @param shape their shape
 * @param scope what has a draw of its own
 * @param sampler draws them together
 */
public record NoiseSlot(List<String> variables, long[] shape, Scope scope, NoiseSampler sampler) {

    /** What has a draw of its own. */
    public enum Scope {
        /**
         * Each example: its rows follow one another, in the order of the examples. What is drawn for one is a function of its
         * place in the mini-batch, so that the examples may be anywhere.
         */
        EXAMPLE,
        /** The step: noise on parameters, the same for all examples. */
        STEP,
        /** The mini-batch: an array whose rows are not those of one example after the other. */
        BATCH
    }
}
