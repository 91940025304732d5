package org.dl4jgn.examples;

import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.listeners.CollectScoresListener;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.GaussNewtonListener;
import org.dl4jgn.StepReport;
import org.dl4jgn.conf.Sgn;

/**
 * What a Gauss-Newton optimizer tells of its steps.
 *
 * <p>A {@link StepReport} answers the questions that come up when a training does not go as hoped: did the step lower
 * the loss as predicted (ratio near 1)? How strong was the damping? Was the step shortened by the line search, or
 * rejected? Why did the linear solver stop, and where did the time go?
 *
 * <p>DL4J's own listeners see a Gauss-Newton training as they see any other. Its training page in the browser is one of
 * them: add the dependency {@code org.deeplearning4j:deeplearning4j-ui}, which is left out here because it brings libraries
 * for video and image processing and a web server, and
 *
 * <pre>{@code
 * StatsStorage storage = new InMemoryStatsStorage();
 * UIServer.getInstance().attach(storage); // http://localhost:9000
 * net.addListeners(new StatsListener(storage));
 * }</pre>
 */
public final class WatchATraining {

    private WatchATraining() {}

    /** Prints the report of every step of one epoch, and the parts of the last one. */
    public static void main(String[] args) {
        MultiLayerNetwork net = FirstNetwork.create(Sgn.builder().build());

        // A listener like DL4J's own, beside which it can be used.
        GaussNewtonListener print = (network, report) -> System.out.println(report);
        CollectScoresListener scores = new CollectScoresListener(5); // DL4J's: the loss at every fifth step
        net.addListeners(print, scores);
        net.fit(TwoSpirals.batches(20, 500, 1));
        System.out.printf(
                "%nDL4J's listener: losses %s at steps %s%n", scores.getListScore(), scores.getListIteration());

        // The last report is there without a listener as well.
        StepReport last = GaussNewton.report(net).orElseThrow();
        System.out.printf(
                "%nThe last step: predicted reduction of the loss %.3g, actual reduction %.3g%n"
                        + "gradient %d µs, direction %d µs, line search %d µs%n",
                last.predictedReduction(),
                last.actualReduction(),
                last.linearizeTime().toNanos() / 1_000,
                last.directionTime().toNanos() / 1_000,
                last.searchTime().toNanos() / 1_000);
    }
}
