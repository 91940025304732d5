package org.dl4jgn.optimize;

import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/** Is told of every step, accepted or not. */
@FunctionalInterface
public interface StepObserver {
    void stepDone(MultiLayerNetwork net, Step step);
}
