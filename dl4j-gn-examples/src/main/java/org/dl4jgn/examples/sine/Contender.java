package org.dl4jgn.examples.sine;

import org.dl4jgn.conf.Sgn;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;

/**
 * An optimizer in the comparison.
 *
 * @param name short name, with the setting that matters most
 * @param settings all settings, in words
 * @param optimizer the optimizer itself
 * @param rival whether it is one to measure up to
 */
public record Contender(String name, String settings, IUpdater optimizer, boolean rival) {

    /** DL4J's stochastic gradient descent. */
    public static Contender sgd(double learningRate) {
        return rival("SGD", learningRate, new Sgd(learningRate));
    }

    /** DL4J's Adam. */
    public static Contender adam(double learningRate) {
        return rival("Adam", learningRate, new Adam(learningRate));
    }

    private static Contender rival(String name, double learningRate, IUpdater optimizer) {
        if (!(learningRate > 0) || Double.isInfinite(learningRate)) {
            throw new IllegalArgumentException(
                    "learning rate of " + name + " is " + learningRate + ", but must be greater than 0");
        }
        return new Contender(name + " (" + learningRate + ")", "learning rate " + learningRate, optimizer, true);
    }

    /** SGN, with its defaults but for the number of conjugate-gradient iterations. */
    public static Contender sgn(int cgIterations) {
        return new Contender(
                "SGN (" + cgIterations + ")",
                cgIterations + " CG iterations, other defaults",
                Sgn.builder().cgIterations(cgIterations).build(),
                false);
    }
}
