package org.dl4jgn.bench.rivals;

import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.NeuralNetwork;
import org.nd4j.linalg.dataset.api.DataSet;

/**
 * Trains a network, one mini-batch at a time.
 *
 * <p>After {@link #fit}, {@code network().score()} is the loss of the mini-batch before the step, the network's iteration
 * count is one higher, and its listeners were told, whatever the method.
 */
public interface Trainer extends AutoCloseable {

    /** The network that is trained, of either of DL4J's classes. */
    Model network();

    /** Takes one step on a mini-batch. */
    void fit(DataSet batch);

    /** Processor time of its steps so far in other processes, nanoseconds. */
    default long nanosElsewhere() {
        return 0;
    }

    /** Frees what the method has beside the network. */
    @Override
    default void close() {}

    /** A network that trains itself: by the updater of its configuration, attached if that is SGN or EGN. */
    static Trainer of(Model net) {
        return new Trainer() {
            @Override
            public Model network() {
                return net;
            }

            @Override
            public void fit(DataSet batch) {
                ((NeuralNetwork) net).fit(batch);
            }
        };
    }
}
