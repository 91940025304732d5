package org.dl4jgn.spark;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.dl4jgn.conf.Egn;
import org.dl4jgn.conf.GaussNewtonUpdater;
import org.dl4jgn.curvature.NetworkProblems;
import org.dl4jgn.problem.RowSpace;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The rows of J of a mini-batch, on the driver: what an exact system of b·c unknowns is made of.
 *
 * <p>A Gram matrix needs every example beside every other. The smallest thing that tells what a row is made of is the example
 * itself: b·n numbers for n features, where the factors of the rows are b·Σ(nIn + c·nOut) over the layers, and the rows b·c·d. So
 * the examples come to the driver, and the system is that of one machine. It is on offer where b·c is no more than the settings
 * allow a matrix to have, and where the examples are not too many bytes; else EGN runs conjugate gradients on the cluster's
 * products, to their tolerance.
 */
final class DriverRows implements AutoCloseable {

    /** Examples that come to the driver take no more bytes than this. */
    private static final long MOST_BYTES = 1L << 28;

    private final ClusterExamples examples;
    private @Nullable NetworkProblems problems;
    private long limit;
    private int iteration;
    private int epoch;
    private @Nullable OwnBatch taken;

    DriverRows(ClusterExamples examples) {
        this.examples = examples;
    }

    /** Takes what belongs to a step. */
    void take(NetworkProblems network, GaussNewtonUpdater settings, int iterationOfStep, int epochOfStep) {
        problems = network;
        limit = settings instanceof Egn egn ? egn.gramLimit() : 0;
        iteration = iterationOfStep;
        epoch = epochOfStep;
    }

    /**
     * The rows at θ.
     *
     * @param name what the job that brings the examples is called
     * @param outputs c
     */
    Optional<RowSpace> at(INDArray theta, Selection selection, long outputs, String name) {
        long count = examples.count(selection);
        if (count * outputs > limit || count * examples.bytesOfExample() > MOST_BYTES) {
            return Optional.empty();
        }
        List<Examples> parts = examples.collect(name + ": examples of the exact system", selection);
        if (!parts.stream().allMatch(parts.get(0)::goWith)) {
            return Optional.empty();
        }
        OwnBatch batch = Examples.joined(parts);
        RowSpace rows = Objects.requireNonNull(problems, "take comes first")
                .of(batch.arrays(), iteration, epoch)
                .linearize(theta)
                .rowSpace()
                .orElse(null);
        close();
        taken = batch;
        return Optional.ofNullable(rows);
    }

    /** Frees the examples; their rows have ended. */
    @Override
    public void close() {
        if (taken != null) {
            taken.close();
            taken = null;
        }
    }
}
