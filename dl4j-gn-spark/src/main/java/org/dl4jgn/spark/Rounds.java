package org.dl4jgn.spark;

import java.util.List;

/**
 * What a step took of the network between machines.
 *
 * @param jobs rounds: each a question to all partitions and a sum of their answers
 * @param sent bytes of the vectors that an executor reads
 * @param received bytes of the vectors, or of the examples, that a partition answers with
 */
public record Rounds(int jobs, long sent, long received) {

    /** Counts. */
    static final class Counter {

        private int jobs;
        private long sent;
        private long received;

        void count(Query query, Partial sum) {
            jobs++;
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
            jobs++;
            received += parts.stream().mapToLong(Examples::bytes).max().orElse(0);
        }

        /** What was counted since the last call. */
        Rounds take() {
            Rounds counted = new Rounds(jobs, sent, received);
            jobs = 0;
            sent = 0;
            received = 0;
            return counted;
        }
    }
}
