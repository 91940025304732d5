package org.dl4jgn.spark;

import java.util.Objects;
import java.util.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.dl4jgn.linalg.Buffers;
import org.dl4jgn.linalg.Vectors;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The θ that the executors are linearized at, and the direction that a search looks along, as they were shipped. */
final class ClusterPosition implements AutoCloseable {

    private final Shipping shipping;
    private final Buffers buffers = new Buffers();
    private final INDArray theta;
    private final INDArray difference;
    private @Nullable Numbers numbers;
    private @Nullable Shipped shipped;
    private long stamp;
    private @Nullable Trials trials;

    ClusterPosition(Shipping shipping, DataType type, long dimension) {
        this.shipping = shipping;
        theta = buffers.allocate(type, dimension);
        difference = buffers.allocate(type, dimension);
    }

    /** θ. */
    INDArray theta() {
        return theta;
    }

    /** Whether θ is {@code point}. */
    boolean isAt(INDArray point) {
        if (shipped == null) {
            return false;
        }
        Vectors.copy(point, difference);
        Vectors.axpy(-1.0, theta, difference);
        return Vectors.norm1(difference) == 0;
    }

    /** θ ← {@code point}. */
    void moveTo(INDArray point) {
        if (isAt(point)) {
            return;
        }
        ship(Numbers.of(point));
    }

    private void ship(Numbers elements) {
        Shipped next = shipping.forSome(elements);
        forget();
        if (shipped != null) {
            shipped.free();
        }
        numbers = elements;
        shipped = next;
        stamp++;
        elements.copyTo(theta);
    }

    /**
     * θ ← {@code point}, from a θ that is asked about once more on the way.
     *
     * @return what it was, for the caller to free
     */
    Query.Left moveFrom(INDArray before, Numbers point) {
        moveTo(before);
        Query.Left left = new Query.Left(Objects.requireNonNull(shipped), stamp);
        shipped = null;
        ship(point);
        return left;
    }

    /** A question at θ, if there is one yet. */
    Query query(
            Broadcast<NetworkSpec> network,
            Selection selection,
            double normalizer,
            Query.Moment moment,
            Query.Task task) {
        // those who linearize all need θ, the others only where it was lost
        Shipped theta = task instanceof Query.Linearize && numbers != null && shipped != null
                ? shipping.inQuestion(numbers).orElse(shipped)
                : shipped;
        return new Query(network, selection, normalizer, moment, stamp, theta, task);
    }

    /**
     * A value of the loss.
     *
     * @param job computes it, at what it is given, or for null at θ
     */
    double value(INDArray at, Function<@Nullable Shipped, Double> job) {
        if (isAt(at)) {
            return job.apply(null);
        }
        Shipped elsewhere = shipping.forAll(Numbers.of(at));
        try {
            return job.apply(elsewhere);
        } finally {
            elsewhere.free();
        }
    }

    /** What is known along a direction from a base, which is θ in most cases. */
    Trials trials(INDArray base, INDArray direction, Selection selection, Query.Moment moment) {
        Numbers from = Numbers.of(base);
        Numbers along = Numbers.of(direction);
        if (trials == null || !trials.isOf(from, along, selection, moment)) {
            forget();
            trials = new Trials(shipping, from, isAt(base), along, selection, moment);
        }
        return trials;
    }

    private void forget() {
        if (trials != null) {
            trials.free();
            trials = null;
        }
    }

    @Override
    public void close() {
        forget();
        if (shipped != null) {
            shipped.free();
        }
        buffers.close();
    }
}
