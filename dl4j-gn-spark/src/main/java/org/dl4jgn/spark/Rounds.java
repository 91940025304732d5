package org.dl4jgn.spark;

import java.util.List;

/**
 * What a step took of the network between machines.
 *
 * @param questions to all partitions, whose answers are summed: each a round trip, and a job of its own where the step is not one
 * @param sent bytes of the vectors that an executor reads
 * @param received bytes of the vectors, or of the examples, that a partition answers with
 */
public record Rounds(int questions, long sent, long received) {

    /** Counts. */
    static final class Counter {

        private int questions;
        private long sent;
        private long received;

        void count(Query query, Partial sum) {
            questions++;
            if (query.task() instanceof Query.Linearize linearize) {
                sent += query.point().bytes();
                sent += linearize.v() == null ? 0 : linearize.v().get().bytes();
            } else if (query.task() instanceof Query.Product product) {
                sent += product.v().get().bytes();
            } else if (query.task() instanceof Query.Solve solve) {
                sent += solve.h().get().bytes();
            } else if (query.task() instanceof Query.Values values) {
                sent += values.base() == null ? 0 : values.base().get().bytes();
                sent += values.direction() == null
                        ? 0
                        : values.direction().get().bytes();
            }
            received += sum.vector() == null ? 0 : sum.vector().bytes();
        }

        void collected(List<Examples> parts) {
            questions++;
            received += parts.stream().mapToLong(Examples::bytes).max().orElse(0);
        }

        /** What was counted since the last call. */
        Rounds take() {
            Rounds counted = new Rounds(questions, sent, received);
            questions = 0;
            sent = 0;
            received = 0;
            return counted;
        }
    }
}
