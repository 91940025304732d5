package org.dl4jgn.spark;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.spark.broadcast.Broadcast;
import org.dl4jgn.linalg.Buffers;
import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.problem.Penalty;
import org.dl4jgn.problem.Point;
import org.dl4jgn.problem.Problem;
import org.dl4jgn.problem.RowSpace;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The loss on examples of a cluster, L(θ) = Σₚ (1/N) Σᵢ ℓ(o(zᵢ), yᵢ) + ½θᵀDθ over partitions p: values, gradients and products
 * are sums over the partitions, N and D belong to this once.
 *
 * <p>Cost: a question for each gradient and each product, of one vector to each executor and one from each partition. Where a value
 * is asked for along a direction for the second time, a search is on its way back along it: the values that it will ask for if
 * it goes on so come with the same question.
 *
 * <p>It is one object for all steps of a training, which takes the examples of one after the other.
 */
final class ClusterProblem implements Problem, AutoCloseable {

    private final ClusterExamples examples;
    private final Broadcast<NetworkSpec> network;
    private final ClusterPosition position;
    private final DriverRows rows;
    private final boolean solvesLocally;
    private final boolean isRandom;
    private final DataType type;
    private final long dimension;
    private final long outputs;
    private final Buffers buffers = new Buffers();
    private final INDArray gradient;
    private @Nullable ClusterProblem shared;

    private Selection selection = Selection.all();
    private long count;
    private @Nullable Penalty penalty;
    private Query.Moment moment = new Query.Moment(0, 0, null);
    private String step = "";
    private long points;
    private @Nullable ClusterPoint point;
    private @Nullable Announced announced;

    ClusterProblem(
            ClusterExamples examples,
            Broadcast<NetworkSpec> network,
            ClusterPosition position,
            DriverRows rows,
            boolean solvesLocally,
            boolean isRandom,
            DataType type,
            long dimension,
            long outputs) {
        this.examples = examples;
        this.network = network;
        this.position = position;
        this.rows = rows;
        this.solvesLocally = solvesLocally;
        this.isRandom = isRandom;
        this.type = type;
        this.dimension = dimension;
        this.outputs = outputs;
        gradient = buffers.allocate(type, dimension);
    }

    /**
     * Takes the examples of the next step; points from before have ended.
     *
     * @param examplesOfStep which
     * @param regularization ½θᵀDθ
     * @param iterationOfStep when in the schedules it is
     * @param epochOfStep likewise
     */
    void take(Selection examplesOfStep, Penalty regularization, int iterationOfStep, int epochOfStep) {
        take(examplesOfStep, regularization, iterationOfStep, epochOfStep, "Gauss-Newton step " + iterationOfStep);
    }

    private void take(
            Selection examplesOfStep, Penalty regularization, int iterationOfStep, int epochOfStep, String name) {
        selection = examplesOfStep;
        moment = new Query.Moment(iterationOfStep, epochOfStep, isRandom ? examples.places(examplesOfStep) : null);
        count = examples.count(examplesOfStep);
        penalty = regularization;
        step = name;
        points++;
        announced = null;
    }

    Penalty penalty() {
        return Objects.requireNonNull(penalty, "take comes first");
    }

    @Override
    public long dimension() {
        return dimension;
    }

    @Override
    public DataType dataType() {
        return type;
    }

    @Override
    public long examples() {
        return count;
    }

    @Override
    public long outputs() {
        return outputs;
    }

    /** The examples {@code index}, {@code index + shares}, ... of each partition; none, as on one machine, where noise is drawn. */
    @Override
    public Optional<Problem> share(int index, int shares) {
        Selection part = selection.share(index, shares);
        if (isRandom || selection.shares() > 1 || shares < 2 || examples.count(part) == 0) {
            return Optional.empty();
        }
        if (shared == null) {
            shared = new ClusterProblem(
                    examples, network, position, rows, solvesLocally, isRandom, type, dimension, outputs);
        }
        shared.take(part, penalty(), moment.iteration(), moment.epoch(), step + ", share of examples");
        return Optional.of(shared);
    }

    /** Asks all partitions a question of this step. */
    Partial ask(String what, Query.Task task) {
        return examples.ask(step, what, position.query(network, selection, count, moment, task));
    }

    @Override
    public void announce(@Nullable INDArray before, INDArray theta, Supplier<Optional<INDArray>> vector) {
        announced = Announced.of(before, theta, vector.get().orElse(null));
    }

    /** The value at θ as it was, with all that was announced to be asked after it. */
    private double valueBefore(INDArray theta, Announced next) {
        Query.Left left = position.moveFrom(theta, next.theta());
        point = new ClusterPoint(this, ++points, next);
        try {
            return point.linearize(left) + penalty().value(theta);
        } finally {
            left.theta().free();
        }
    }

    @Override
    public double value(INDArray theta) {
        Announced next = announced;
        if (next != null && next.beginsWith(theta)) {
            announced = null;
            return valueBefore(theta, next);
        }
        return position.value(
                        theta,
                        base -> ask("loss", new Query.Values(base, null, new double[0]))
                                .numbers()[0])
                + penalty().value(theta);
    }

    @Override
    public double value(INDArray base, double length, INDArray direction) {
        Trials trials = position.trials(base, direction, selection, moment);
        double data = trials.value(
                length,
                (from, lengths) -> ask("line search", new Query.Values(from, trials.direction(), lengths))
                        .numbers());
        try (INDArray end = base.dup()) {
            Vectors.axpy(length, direction, end);
            return data + penalty().value(end);
        }
    }

    @Override
    public Point linearize(INDArray theta) {
        if (point == null || !point.isForeseen() || !position.isAt(theta)) {
            position.moveTo(theta);
            point = new ClusterPoint(this, ++points, announced);
        }
        point.give();
        announced = null;
        return point;
    }

    boolean isCurrent(long number) {
        return number == points;
    }

    boolean solvesLocally() {
        return solvesLocally;
    }

    Shipping shipping() {
        return examples.shipping();
    }

    INDArray theta() {
        return position.theta();
    }

    /** The gradient of the point that is current. */
    INDArray gradient() {
        return gradient;
    }

    Optional<RowSpace> rowSpace() {
        return rows.at(position.theta(), selection, outputs, step);
    }

    /** What DL4J reports as the loss where this was linearized last. */
    double score() {
        ClusterPoint at = Objects.requireNonNull(point, "The problem was not linearized yet");
        return at.score();
    }

    @Override
    public void close() {
        if (shared != null) {
            shared.close();
        }
        buffers.close();
    }
}
