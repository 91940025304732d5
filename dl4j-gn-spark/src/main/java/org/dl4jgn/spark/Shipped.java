package org.dl4jgn.spark;

import java.io.Serializable;
import org.apache.spark.broadcast.Broadcast;
import org.jspecify.annotations.Nullable;

/** A vector that tasks read, as {@link Shipping} sent it. */
record Shipped(@Nullable Numbers inline, @Nullable Broadcast<Numbers> broadcast) implements Serializable {

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
