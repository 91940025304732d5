package org.dl4jgn.curvature;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dl4jgn.gram.JacobianRows;
import org.dl4jgn.gram.NetworkPosition;
import org.dl4jgn.gram.NetworkRowSpace;
import org.dl4jgn.linalg.LinearOperator;
import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.network.CompiledHead;
import org.dl4jgn.network.CompiledNetwork;
import org.dl4jgn.network.ParameterSpace;
import org.dl4jgn.problem.LayerFactors;
import org.dl4jgn.problem.Penalty;
import org.dl4jgn.problem.Point;
import org.dl4jgn.problem.RowSpace;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A network linearized at θ, where its compiled network may be, or not any more: whatever needs the network there takes it
 * back first, at the cost of a forward pass.
 */
public final class NetworkPoint implements Point, NetworkPosition {

    private final NetworkProblem problem;
    private final Compilation compilation;
    private final ParameterSpace space;
    private final Penalty penalty;
    private final long number;
    private final double value;
    private final double rounding;
    private final double lossCurvature;
    private final RunningStatistics statistics;
    private long place;
    private boolean hasGradient;

    NetworkPoint(
            NetworkProblem problem,
            Compilation compilation,
            ParameterSpace space,
            Penalty penalty,
            long number,
            double value) {
        this.problem = problem;
        this.compilation = compilation;
        this.space = space;
        this.penalty = penalty;
        this.number = number;
        this.value = value;
        place = space.place();
        CompiledNetwork network = problem.network();
        statistics = new RunningStatistics(network, problem.iteration());
        rounding = network.rounding();
        lossCurvature = network.lossCurvature();
    }

    @Override
    public void requireValid() {
        problem.network();
        if (compilation.point() != number) {
            throw new IllegalStateException(
                    "This point has ended: its problem was linearized again. Use the new point");
        }
    }

    /** The compiled network, linearized at this point. */
    CompiledNetwork network() {
        requireValid();
        CompiledNetwork network = problem.network();
        if (space.place() != place || !network.isLinearizedHere()) {
            space.moveTo(compilation.origin());
            place = space.place();
            if (!network.isLinearizedHere()) {
                network.evaluate();
                network.linearize();
            }
        }
        return network;
    }

    @Override
    public double value() {
        return value;
    }

    @Override
    public double leastValue() {
        requireValid();
        return problem.network().leastValue();
    }

    /** What DL4J reports as the loss here, with l2: some losses clip probabilities there. */
    public double score() {
        return network().score() + penalty.value(space.theta);
    }

    @Override
    public double rounding() {
        return rounding;
    }

    @Override
    public double lossCurvature() {
        return lossCurvature;
    }

    @Override
    public INDArray gradient() {
        requireValid();
        INDArray gradient = compilation.gradient();
        if (!hasGradient) {
            // at the first call: a point that is asked for its curvature alone takes no backward pass
            network().multiplyResidual();
            Vectors.copy(space.product, gradient);
            penalty.addProduct(compilation.origin(), gradient);
            hasGradient = true;
        }
        return gradient;
    }

    @Override
    public LinearOperator gaussNewton() {
        return new LinearOperator() {
            @Override
            public void apply(INDArray v, INDArray product) {
                Vectors.copy(product(v, product), product);
            }

            @Override
            public INDArray product(INDArray v, INDArray room) {
                CompiledNetwork network = network();
                Vectors.copy(v, space.tangent);
                network.multiplyCurvature();
                penalty.addProduct(space.tangent, space.product);
                return space.product;
            }
        };
    }

    @Override
    public Optional<RowSpace> rowSpace() {
        return NetworkRowSpace.of(compilation.at(this)).flatMap(rows -> rows.with(penalty, compilation.origin()));
    }

    @Override
    public List<LayerFactors> layerFactors() {
        return NetworkRowSpace.layerFactors(compilation.at(this));
    }

    @Override
    public void restore() {
        network();
    }

    /** The rows of J, which the caller closes. */
    JacobianRows rows(DataType type) {
        network();
        return compilation.rows(type);
    }

    /** b. */
    long batchSize() {
        return problem.examples();
    }

    /** Outputs of all layers that are no heads, by name, as DL4J has them; live views. */
    public Map<String, INDArray> activations() {
        return network().activations();
    }

    /** z of each head, as DL4J has it; live views. */
    public List<INDArray> preOutputs() {
        return network().heads().stream()
                .map(head -> head.head.output().asInNetwork(head.preOutput))
                .toList();
    }

    /** The order of the Jacobian's rows. */
    RowOrder rowOrder() {
        CompiledNetwork network = problem.network();
        return new RowOrder(network.heads().stream().map(head -> head.head).toList(), network.batchSize());
    }

    /** The shape of each head's z, as DL4J has it. */
    List<long[]> outputShapes() {
        return problem.network().heads().stream()
                .map(head -> head.head.output().shapeInNetwork(head.head.rows() / head.head.positions()))
                .toList();
    }

    /** Jv for each head, as DL4J has its z, for v in working order; live views. */
    List<INDArray> jvp(INDArray v) {
        CompiledNetwork network = network();
        Vectors.copy(v, space.tangent);
        network.jvp();
        return network.heads().stream()
                .map(head -> head.head.output().asInNetwork(head.jvp))
                .toList();
    }

    /** Jᵀu in working order, without 1/N, for the u of each head; a live view. */
    INDArray vjp(List<INDArray> u) {
        CompiledNetwork network = network();
        for (int i = 0; i < u.size(); i++) {
            CompiledHead head = network.heads().get(i);
            head.cotangent.assign(head.head.output().asMatrix(u.get(i)));
        }
        network.vjp();
        return space.product;
    }

    /** {@code sum ← Jᵀr}, the gradient of the summed data loss without l2. */
    public void dataGradient(INDArray sum) {
        Vectors.copy(gradient(), sum);
        if (!penalty.isZero()) {
            Vectors.scale(-1.0, sum);
            penalty.addProduct(compilation.origin(), sum);
            Vectors.scale(-1.0, sum);
        }
        Vectors.scale(problem.network().normalizer(), sum);
    }

    /**
     * Lets running statistics of batch normalization follow a step from this point, which they are no coordinates of.
     *
     * @param next θ after the step, in working order; they are written into it
     */
    public void followStatistics(INDArray next) {
        requireValid();
        if (!statistics.isEmpty()) {
            space.moveTo(next);
            CompiledNetwork network = problem.network();
            if (network.place() != space.place()) {
                network.evaluate();
            }
            statistics.follow(network, next);
        }
    }

    /**
     * The same for a move that does not begin here, such as that of an average of the iterates. Cost: two forward passes, where
     * there are any statistics.
     *
     * @param from where the move begins, in working order
     * @param to where it ends, with the statistics of {@code from}; they are written into it
     */
    public void followStatistics(INDArray from, INDArray to) {
        requireValid();
        if (!statistics.isEmpty()) {
            CompiledNetwork network = problem.network();
            space.moveTo(from);
            network.evaluate();
            RunningStatistics begin = new RunningStatistics(network, problem.iteration());
            space.moveTo(to);
            network.evaluate();
            begin.follow(network, to);
        }
    }

    /** Writes the change of running statistics that DL4J shows as their gradient to {@code flat}, in DL4J's order. */
    public void statisticsChange(INDArray flat) {
        requireValid();
        statistics.writeChange(compilation.origin(), flat);
    }
}
