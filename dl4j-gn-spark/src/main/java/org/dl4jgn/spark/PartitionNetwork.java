package org.dl4jgn.spark;

import java.util.List;
import java.util.function.Supplier;
import org.dl4jgn.curvature.NetworkPoint;
import org.dl4jgn.curvature.NetworkProblem;
import org.dl4jgn.curvature.NetworkProblems;
import org.dl4jgn.linalg.Buffers;
import org.dl4jgn.linalg.ConjugateGradient;
import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.plan.ElementwiseThreads;
import org.dl4jgn.problem.Penalty;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A training's network on one partition's examples, as an executor keeps it between questions: compiled once for each shape,
 * its arrays filled with the examples of the step, linearized at θ.
 *
 * <p>All of it is a function of the question and the examples. Whatever is not there, because the executor is new or another
 * question came between, is computed again. One thread at a time is inside.
 */
final class PartitionNetwork implements AutoCloseable {

    private final NetworkProblems problems;
    private final Buffers buffers = new Buffers();
    private final INDArray theta;
    private final INDArray vector;
    private final INDArray product;
    private @Nullable Posed whole;
    private @Nullable Posed share;
    private long stamp = -1;
    private boolean isClosed;

    PartitionNetwork(NetworkSpec spec) {
        problems = spec.problems();
        DataType type = spec.type();
        long d = problems.parameterCount();
        theta = buffers.allocate(type, d);
        vector = buffers.allocate(type, d);
        product = buffers.allocate(type, d);
    }

    /** The problem of some of the examples, and the point where it was linearized last. */
    private static final class Posed implements AutoCloseable {

        private final Selection selection;
        private final double normalizer;
        private final Query.Moment moment;
        private final OwnBatch arrays;
        private final NetworkProblem problem;
        private @Nullable NetworkPoint point;
        private long stamp;

        Posed(Query query, OwnBatch arrays, NetworkProblem problem) {
            selection = query.selection();
            normalizer = query.normalizer();
            moment = query.moment();
            this.arrays = arrays;
            this.problem = problem;
        }

        boolean isOf(Query query) {
            return hasExamplesOf(query) && normalizer == query.normalizer() && moment.drawsAs(query.moment());
        }

        boolean hasExamplesOf(Query query) {
            return selection.equals(query.selection());
        }

        NetworkPoint point(Query query, Supplier<INDArray> theta) {
            NetworkPoint at = point;
            if (at == null || stamp != query.stamp()) {
                at = problem.linearize(theta.get());
                stamp = query.stamp();
                point = at;
            }
            return at;
        }

        @Override
        public void close() {
            arrays.close();
        }
    }

    /**
     * Answers.
     *
     * @param partition the partition's number
     * @return null if it was closed before
     */
    synchronized @Nullable Partial answer(Query query, int partition, Examples examples) {
        if (isClosed) {
            return null;
        }
        if (query.selection().count(examples.size()) == 0) {
            return Partial.of();
        }
        try (MemoryWorkspace ignored = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            Posed posed = posed(query, partition, examples);
            try (ElementwiseThreads threads = posed.problem.threads()) {
                return answer(query, posed);
            }
        } catch (IllegalArgumentException e) {
            return Partial.fault("Partition " + partition + ", of " + examples.size() + " examples: " + e.getMessage());
        }
    }

    /** A mini-batch and a share of it may be there together: they differ in size, and so in the compiled network. */
    private Posed posed(Query query, int partition, Examples examples) {
        boolean isShare = query.selection().shares() > 1;
        Posed present = isShare ? share : whole;
        if (present != null && present.isOf(query)) {
            return present;
        }
        Posed kept = present != null && present.hasExamplesOf(query) ? present : null;
        OwnBatch arrays =
                kept == null ? examples.select(query.selection().rows(partition, examples.size())) : kept.arrays;
        Query.Moment moment = query.moment();
        Posed next;
        try {
            next = new Posed(
                    query,
                    arrays,
                    problems.part(
                            arrays.arrays(),
                            query.normalizer(),
                            moment.place(partition),
                            moment.iteration(),
                            moment.epoch()));
        } catch (RuntimeException e) {
            if (kept == null) {
                arrays.close();
            }
            throw e;
        }
        if (present != null && kept == null) {
            present.close();
        }
        if (isShare) {
            share = next;
        } else {
            whole = next;
        }
        return next;
    }

    /** θ of a question; taken from it only if it is not the one that is here. */
    private INDArray theta(Query query) {
        if (stamp != query.stamp()) {
            query.point().copyTo(theta);
            stamp = query.stamp();
        }
        return theta;
    }

    private Partial answer(Query query, Posed posed) {
        if (query.task() instanceof Query.Product asked) {
            NetworkPoint point = posed.point(query, () -> theta(query));
            asked.v().get().copyTo(vector);
            point.gaussNewton().apply(vector, product);
            return new Partial(new double[0], Numbers.of(product), List.of());
        }
        if (query.task() instanceof Query.Values asked) {
            return values(asked, query, posed.problem);
        }
        if (query.task() instanceof Query.Solve asked) {
            return solve(asked, query, posed);
        }
        return query.task() instanceof Query.Linearize asked
                ? linearize(asked, query, posed)
                : Partial.of(posed.problem.outputs(), 1);
    }

    private Partial linearize(Query.Linearize asked, Query query, Posed posed) {
        double before = asked.before() == null ? 0 : posed.problem.value(left(asked.before()));
        NetworkPoint point = posed.point(query, () -> theta(query));
        double[] numbers = {
            point.value(), point.score(), point.leastValue(), point.rounding(), point.lossCurvature(), before
        };
        Numbers gradient = Numbers.of(point.gradient());
        if (asked.v() == null) {
            return new Partial(numbers, gradient, List.of());
        }
        asked.v().get().copyTo(vector);
        point.gaussNewton().apply(vector, product);
        return new Partial(numbers, gradient.followedBy(Numbers.of(product)), List.of());
    }

    /** θ as it was; taken from the question only if it is not still here. */
    private INDArray left(Query.Left before) {
        if (stamp == before.stamp()) {
            return theta;
        }
        before.theta().get().copyTo(product);
        return product;
    }

    /**
     * (n/N)Δ of n examples: GIANT (Wang et al. 2018, <a href="https://arxiv.org/abs/1709.03528">arXiv 1709.03528</a>), with H the
     * mean of the partition's own, D as it is.
     */
    private Partial solve(Query.Solve asked, Query query, Posed posed) {
        NetworkPoint point = posed.point(query, () -> theta(query));
        asked.h().get().copyTo(vector);
        double share = posed.problem.examples() / query.normalizer();
        Penalty penalty =
                problems.penalty(query.moment().iteration(), query.moment().epoch());
        try (ConjugateGradient solver = new ConjugateGradient(vector.dataType(), vector.length())) {
            solver.solve(
                    (v, hv) -> {
                        point.gaussNewton().apply(v, hv);
                        Vectors.scale(1 / share, hv);
                        penalty.addProduct(v, hv);
                    },
                    vector,
                    asked.rho(),
                    null,
                    false,
                    product,
                    new ConjugateGradient.Stopping(asked.iterations(), 0, 0, asked.iterations()));
        }
        Vectors.scale(share, product);
        return new Partial(new double[0], Numbers.of(product), List.of());
    }

    private Partial values(Query.Values asked, Query query, NetworkProblem problem) {
        INDArray base = theta;
        if (asked.base() == null) {
            theta(query);
        } else {
            asked.base().get().copyTo(product);
            base = product;
        }
        if (asked.direction() == null) {
            return Partial.of(problem.value(base));
        }
        asked.direction().get().copyTo(vector);
        double[] values = new double[asked.steps().length];
        for (int i = 0; i < values.length; i++) {
            values[i] = problem.value(base, asked.steps()[i], vector);
        }
        return Partial.of(values);
    }

    @Override
    public synchronized void close() {
        isClosed = true;
        if (whole != null) {
            whole.close();
        }
        if (share != null) {
            share.close();
        }
        problems.close();
        buffers.close();
    }
}
