package org.dl4jgn.spark;

import java.io.Serializable;
import org.apache.spark.broadcast.Broadcast;
import org.jspecify.annotations.Nullable;

/**
 * What a partition is asked. The answer is a function of this and the partition's examples; that an executor remembers the
 * linearization of the question before only makes it faster.
 *
 * @param network the network
 * @param selection the examples
 * @param normalizer N of (1/N) Σ ℓ, the number of examples of all partitions
 * @param moment of which step
 * @param stamp a number of its own for each θ
 * @param theta θ, in working order; null for a question of none
 * @param task what to compute there
 */
record Query(
        Broadcast<NetworkSpec> network,
        Selection selection,
        double normalizer,
        Moment moment,
        long stamp,
        @Nullable Shipped theta,
        Task task)
        implements Serializable {

    /** θ. */
    Numbers point() {
        if (theta == null) {
            throw new IllegalStateException("A question of a point that was asked before there was one");
        }
        return theta.get();
    }

    /**
     * What schedules and draws of noise depend on.
     *
     * @param iteration the step
     * @param epoch its epoch
     * @param places for each partition the place of its first example in the mini-batch; null for networks without noise
     */
    record Moment(int iteration, int epoch, long @Nullable [] places) implements Serializable {

        /** Whether what is drawn is the same as at another moment, for the same examples. */
        boolean drawsAs(Moment other) {
            return places == null || iteration == other.iteration && epoch == other.epoch;
        }

        /** The place of a partition's first example. */
        long place(int partition) {
            return places == null ? 0 : places[partition];
        }
    }

    /** What is computed at a point. */
    sealed interface Task extends Serializable {}

    /**
     * The numbers of a point and its gradient; after them, where that is asked for, the loss where θ was before, and Hv.
     *
     * @param before null for no loss
     * @param v null for no product
     */
    record Linearize(@Nullable Left before, @Nullable Shipped v) implements Task {}

    /**
     * A θ that the executors have, and are about to leave.
     *
     * @param stamp its number
     */
    record Left(Shipped theta, long stamp) implements Serializable {}

    /** Hv. */
    record Product(Shipped v) implements Task {}

    /** L at {@code base + αΔ} for some α; {@code base} is θ if it is null. */
    record Values(@Nullable Shipped base, @Nullable Shipped direction, double[] steps) implements Task {}

    /**
     * The partition's own solution of (H + ρI)Δ = −h, with H of its own examples, by so many iterations; the sum is the mean over
     * partitions, each by its number of examples.
     */
    record Solve(Shipped h, double rho, int iterations) implements Task {}

    /** Checks that the examples fit the network: the sum is the number of its outputs, times that of its partitions. */
    record Check() implements Task {}
}
