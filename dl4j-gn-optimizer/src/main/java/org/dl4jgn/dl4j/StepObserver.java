package org.dl4jgn.dl4j;

import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.optimize.Step;

/** Is told of every step, accepted or not. */
@FunctionalInterface
public interface StepObserver {
    void stepDone(MultiLayerNetwork net, Step step);
}
