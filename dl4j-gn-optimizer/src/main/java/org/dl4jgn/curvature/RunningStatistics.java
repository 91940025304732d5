package org.dl4jgn.curvature;

import java.util.List;
import org.dl4jgn.network.CompiledNetwork;
import org.dl4jgn.network.ParameterSpace;
import org.dl4jgn.translate.RunningStatistic;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The running means and variances of batch normalization, which are part of θ without being trained: J has zeros in their
 * columns, so that no direction moves them, and a step sets them to what the batch makes of them.
 */
final class RunningStatistics {

    private final List<INDArray> current;
    private final double[][] next;

    RunningStatistics(List<RunningStatistic> statistics, ParameterSpace space) {
        current = statistics.stream()
                .map(s -> s.slot().inWorkingOrder(space.theta))
                .toList();
        next = statistics.stream()
                .map(s -> new double[Math.toIntExact(s.slot().length())])
                .toArray(double[][]::new);
    }

    /** Takes the values after the batch of {@code plan}, evaluated at θ. */
    void take(CompiledNetwork plan) {
        List<RunningStatistic> statistics = plan.jacobian().network().statistics();
        for (int i = 0; i < next.length; i++) {
            INDArray batch = plan.array(statistics.get(i).ofBatch().name());
            for (int j = 0; j < next[i].length; j++) {
                next[i][j] = statistics.get(i).next(current.get(i).getDouble(j), batch.getDouble(j));
            }
        }
    }

    /** Writes what was taken to θ. */
    void write() {
        for (int i = 0; i < next.length; i++) {
            for (int j = 0; j < next[i].length; j++) {
                current.get(i).putScalar(j, next[i][j]);
            }
        }
    }

    /** Writes the change to come, old − new, to {@code flat}, in DL4J's order: what DL4J has for a gradient there. */
    void writeChange(List<RunningStatistic> statistics, INDArray flat) {
        for (int i = 0; i < next.length; i++) {
            INDArray target = statistics.get(i).slot().inNetworkOrder(flat);
            for (int j = 0; j < next[i].length; j++) {
                target.putScalar(j, current.get(i).getDouble(j) - next[i][j]);
            }
        }
    }
}
