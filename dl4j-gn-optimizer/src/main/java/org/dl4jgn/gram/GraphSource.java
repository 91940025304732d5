package org.dl4jgn.gram;

import org.dl4jgn.network.DifferentiatedNetwork;

/** Where the graph of a model comes from, for as many examples of one shape as are asked for. */
@FunctionalInterface
public interface GraphSource {

    /**
     * The model's graph with its products.
     *
     * @param batch number of examples
     */
    DifferentiatedNetwork differentiated(long batch);
}
