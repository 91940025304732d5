package org.dl4jgn.bench.problem;

/**
 * What a network takes and gives.
 *
 * @param inputs numbers of an example
 * @param outputs of the network
 * @param task what they are to be
 */
public record Shape(int inputs, int outputs, Task task) {}
