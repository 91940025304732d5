package org.dl4jgn.spark;

import java.io.Serializable;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.jspecify.annotations.Nullable;

/**
 * A vector that tasks read. A short one travels with them, which saves each executor a request; a longer one is broadcast, once
 * to each executor, piece by piece among them.
 */
record Shipped(@Nullable Numbers inline, @Nullable Broadcast<Numbers> broadcast) implements Serializable {

    /** Bytes up to which a vector is put into the tasks: Spark sends a task's code to each executor once, too. */
    private static final long SHORT = 1 << 18;

    /** For tasks that all read it. */
    static Shipped forAll(JavaSparkContext context, Numbers numbers) {
        return inTasks(numbers).orElseGet(() -> forSome(context, numbers));
    }

    /** In the tasks, if it is short. */
    static Optional<Shipped> inTasks(Numbers numbers) {
        return numbers.bytes() <= SHORT ? Optional.of(new Shipped(numbers, null)) : Optional.empty();
    }

    /** For tasks of which most have it already. */
    static Shipped forSome(JavaSparkContext context, Numbers numbers) {
        return new Shipped(null, context.broadcast(numbers));
    }

    Numbers get() {
        if (inline != null) {
            return inline;
        }
        if (broadcast == null) {
            throw new IllegalStateException("Nothing was shipped");
        }
        return broadcast.value();
    }

    /** Frees it everywhere; no job may read it after that. */
    void free() {
        if (broadcast != null) {
            broadcast.destroy();
        }
    }
}
