package org.dl4jgn.examples;

import java.util.Locale;
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

        // A listener like DL4J's own, beside which it can be used. A report's toString has all of it, in one long line.
        System.out.printf(
                "%5s %-9s %9s %9s %7s %9s %7s  %-28s %6s%n",
                "step", "outcome", "loss", "predicted", "ratio", "damping", "length", "iterations, ended by", "ms");
        GaussNewtonListener print = (network, report) -> System.out.println(row(report));
        CollectScoresListener scores = new CollectScoresListener(5); // DL4J's: the loss at every fifth step
        net.addListeners(print, scores);
        net.fit(TwoSpirals.batches(20, 500, 1));
        System.out.printf(
                "%nDL4J's listener: losses %s at steps %s%n", scores.getListScore(), scores.getListIteration());

        // The last report is there without a listener as well.
        StepReport last = GaussNewton.report(net).orElseThrow();
        System.out.println("""

                loss       of the mini-batch before the step
                predicted  reduction of the loss that the quadratic model promises
                ratio      what the step did for the next mini-batch, or its own, over what was predicted: 1 is a good model
                damping    what is added to the curvature: more where the model promised too much, less where it was right
                length     part of the direction that was taken
                iterations of conjugate gradients, and why they ended""");
        System.out.printf(
                "%nThe last step: predicted reduction of the loss %.3g, size of the system %d%n"
                        + "gradient %d µs, direction %d µs, line search %d µs%n",
                last.predictedReduction(),
                last.systemSize(),
                last.linearizeTime().toNanos() / 1_000,
                last.directionTime().toNanos() / 1_000,
                last.searchTime().toNanos() / 1_000);
    }

    private static String row(StepReport report) {
        double ratio = Double.isNaN(report.reductionRatio()) ? report.validationRatio() : report.reductionRatio();
        return String.format(
                Locale.ROOT,
                "%5d %-9s %9.3g %9.3g %7.2f %9.2g %7.2f  %-28s %6.1f",
                report.iteration(),
                report.outcome().name().toLowerCase(Locale.ROOT),
                report.lossBefore(),
                report.predictedReduction(),
                ratio,
                report.damping(),
                report.stepLength(),
                report.solverIterations() + ", "
                        + report.solverEnding().replaceFirst(":.*", "").toLowerCase(Locale.ROOT),
                report.totalTime().toNanos() / 1e6);
    }
}
