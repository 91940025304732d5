package org.dl4jgn.curvature;

import java.util.List;
import org.dl4jgn.network.CompiledNetwork;
import org.dl4jgn.translate.RunningStatistic;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The running means and variances of batch normalization, which are part of θ without being trained: J has zeros in their
 * columns, so that no direction moves them, and a step sets them to what the batch makes of them.
 */
final class RunningStatistics {

    private final List<RunningStatistic> statistics;
    private final int iteration;
    private final double[][] before;

    /**
     * Reads those of the batch where the network was evaluated last.
     *
     * @param iteration steps before this one
     */
    RunningStatistics(CompiledNetwork network, int iteration) {
        this.iteration = iteration;
        statistics = network.jacobian().network().statistics();
        before = statistics.stream().map(s -> ofBatch(s, network)).toArray(double[][]::new);
    }

    private static double[] ofBatch(RunningStatistic statistic, CompiledNetwork network) {
        return values(network.array(statistic.ofBatch().name()));
    }

    private static double[] values(INDArray array) {
        return array.dup('c').data().asDouble();
    }

    boolean isEmpty() {
        return statistics.isEmpty();
    }

    /**
     * Writes them into {@code theta}, in working order, as they are after a step.
     *
     * @param network evaluated after it
     */
    void follow(CompiledNetwork network, INDArray theta) {
        for (int i = 0; i < before.length; i++) {
            write(i, before[i], ofBatch(statistics.get(i), network), theta);
        }
    }

    private void write(int index, double[] from, double[] to, INDArray theta) {
        RunningStatistic statistic = statistics.get(index);
        INDArray running = statistic.slot().inWorkingOrder(theta);
        double[] next = values(running);
        for (int j = 0; j < next.length; j++) {
            next[j] = statistic.next(iteration, next[j], from[j], to[j]);
        }
        write(next, running);
    }

    /** In one transfer, whatever the backend; there are as many numbers as channels. */
    private static void write(double[] numbers, INDArray target) {
        try (INDArray array = Nd4j.createFromArray(numbers)) {
            target.assign(array.reshape(target.shape()));
        }
    }

    /**
     * Writes the change that a step of length zero would make, old − new, to {@code flat}, in DL4J's order: what DL4J has for
     * a gradient there.
     *
     * @param theta θ in working order
     */
    void writeChange(INDArray theta, INDArray flat) {
        for (int i = 0; i < before.length; i++) {
            RunningStatistic statistic = statistics.get(i);
            double[] old = values(statistic.slot().inWorkingOrder(theta));
            double[] change = new double[old.length];
            for (int j = 0; j < old.length; j++) {
                change[j] = old[j] - statistic.next(iteration, old[j], before[i][j], before[i][j]);
            }
            write(change, statistic.slot().inNetworkOrder(flat));
        }
    }
}
