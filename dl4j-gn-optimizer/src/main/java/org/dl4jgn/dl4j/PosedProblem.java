package org.dl4jgn.dl4j;

import java.util.List;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.dl4jgn.conf.GaussNewtonUpdater;
import org.dl4jgn.curvature.NetworkProblems;
import org.dl4jgn.plan.ElementwiseThreads;
import org.dl4jgn.problem.Problem;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A problem that a network's next step is taken on, whoever computes it, with what DL4J is told of it beside the step.
 *
 * <p>The defaults are those of a problem whose arrays are somewhere else: there are no activations to show, and nothing to keep
 * on this machine.
 */
public interface PosedProblem {

    /** Poses the problem of a step. */
    @FunctionalInterface
    interface Source {

        /**
         * Poses it.
         *
         * @param problems those of the network, for its penalty and the order of its parameters
         * @param settings the network's optimizer
         * @param iteration DL4J's count of steps
         * @param epoch DL4J's count of epochs
         */
        PosedProblem pose(NetworkProblems problems, GaussNewtonUpdater settings, int iteration, int epoch);
    }

    /** The problem, in vectors of working order. */
    Problem problem();

    /** What DL4J reports as the loss, where the problem was linearized last. */
    double score();

    /** To be open around the work of a step. */
    default ElementwiseThreads threads() {
        return ElementwiseThreads.one(false);
    }

    /** Before anything is computed. */
    default void begin() {}

    /** When the problem is linearized. */
    default void linearized() {}

    /** Shows listeners activations and gradient, when the score is known. */
    default void announce(List<TrainingListener> listeners) {}

    /** Lets what follows a step without being trained follow it to {@code next}, and writes it there. */
    default void follow(INDArray next) {}

    /** The same for a move that does not begin where the problem was linearized. */
    default void follow(INDArray from, INDArray to) {}

    /** When nothing more is asked of the problem in this step; before listeners hear of the step, whatever they do then. */
    default void end() {}
}
