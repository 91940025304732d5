package org.dl4jgn.bench.optimizer;

import java.util.regex.Pattern;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.conf.Damping;
import org.dl4jgn.conf.Egn;
import org.dl4jgn.conf.GaussNewtonUpdater;
import org.dl4jgn.conf.LineSearch;
import org.dl4jgn.conf.Sgn;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;

/**
 * Optimizers of which each step does the same work, so that steps can be timed, by the names that the PyTorch yardstick has
 * for the same. All have a line search, named or none: without one a step would have the pace, and its curvature from a part
 * of the mini-batch only.
 *
 * <ul>
 *   <li>{@code sgd}: DL4J's own;
 *   <li>{@code sgn3}, or with another number: SGN with so many CG iterations, constant damping, and line search;
 *   <li>{@code egn}: EGN with constant damping λ = 1, no momentum, and Armijo's line search from the learning rate; only the
 *       number of trials may differ;
 *   <li>{@code plain}: EGN as an explicit-Jacobian yardstick does it and nothing else: λ = 0.01, steps of 0.1 of the
 *       direction, no search.
 * </ul>
 *
 * @param name one of these
 */
public record EvenSteps(String name) {

    private static final Pattern SGN = Pattern.compile("sgn([1-9]\\d{0,4})");

    /**
     * Checks the name.
     *
     * @throws IllegalArgumentException if there is no such optimizer
     */
    public EvenSteps {
        if (!name.equals("sgd")
                && !name.equals("egn")
                && !name.equals("plain")
                && !SGN.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "There is no optimizer \"" + name
                            + "\" of even steps; there are sgd, egn, plain, and sgn with a number of iterations, such as sgn10");
        }
    }

    /** For the configuration of a network. */
    public IUpdater updater() {
        return switch (name) {
            case "sgd" -> new Sgd(1e-3);
            case "egn" ->
                Egn.builder()
                        .lineSearch(LineSearch.armijo())
                        .damping(Damping.constant(1.0))
                        .momentum(0)
                        .build();
            case "plain" ->
                Egn.builder()
                        .damping(Damping.constant(0.01))
                        .lineSearch(LineSearch.none())
                        .learningRate(0.1)
                        .build();
            default -> sgn(Integer.parseInt(name.substring(3)));
        };
    }

    private static Sgn sgn(int iterations) {
        return Sgn.builder()
                .lineSearch(LineSearch.armijo())
                .cgIterations(iterations)
                .warmup(0, 1)
                .residualTolerance(0)
                .damping(Damping.constant(1e-3))
                .build();
    }

    /** Attaches a network in whose configuration this is, where that is needed; returns it. */
    public MultiLayerNetwork attach(MultiLayerNetwork net) {
        return updater() instanceof GaussNewtonUpdater ? GaussNewton.attach(net) : net;
    }
}
