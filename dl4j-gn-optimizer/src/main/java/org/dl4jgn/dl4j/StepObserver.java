package org.dl4jgn.dl4j;

import java.time.Duration;
import org.deeplearning4j.nn.api.Model;
import org.dl4jgn.optimize.Step;

/** Is told of every step, accepted or not. */
@FunctionalInterface
public interface StepObserver {

    /**
     * A step has been decided; parameters and state are those after it.
     *
     * @param iteration DL4J's iteration count before the step
     * @param epoch DL4J's epoch count
     * @param total wall time of the whole step so far
     */
    void stepDone(Model net, int iteration, int epoch, Step step, Duration total);

    /** The step is whole: counters and constraints are those after it. */
    default void stepFinished(Model net) {}
}
