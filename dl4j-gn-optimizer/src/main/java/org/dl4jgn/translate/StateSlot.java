package org.dl4jgn.translate;

import org.nd4j.autodiff.samediff.SDVariable;

/**
 * A part of a recurrent layer's state that is carried from one batch to the next, as truncated backpropagation through time does.
 *
 * @param layer the layer's index
 * @param key DL4J's name of it: prevAct or prevMem
 * @param before a placeholder, [b, n]: the state before the first step
 * @param steps the state after each step, [b·T, n]
 */
public record StateSlot(int layer, String key, SDVariable before, SDVariable steps) {}
