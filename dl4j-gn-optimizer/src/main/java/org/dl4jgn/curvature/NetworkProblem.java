package org.dl4jgn.curvature;

import java.util.List;
import java.util.Optional;
import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.network.CompiledNetwork;
import org.dl4jgn.network.ParameterSpace;
import org.dl4jgn.plan.ElementwiseThreads;
import org.dl4jgn.plan.ExecutionPlan;
import org.dl4jgn.problem.Penalty;
import org.dl4jgn.problem.Problem;
import org.dl4jgn.translate.StateSlot;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The loss of a network on some examples, as {@link NetworkProblems} pose it: L(θ) = (1/N) Σᵢ ℓ(o(zᵢ), yᵢ) + ½θᵀDθ.
 *
 * <p>Vectors are in working order.
 */
public final class NetworkProblem implements Problem {

    /** Elements up to which one thread is at least as fast as two. */
    private static final long SMALL_ARRAY = 65_536;

    private final Compilation compilation;
    private final CompiledNetwork network;
    private final ParameterSpace space;
    private final Penalty penalty;
    private final int iteration;
    private @Nullable NetworkPoint point;
    private final long batch;
    private final Examples examples;

    /** What is known of a problem's examples beside what its network has taken. */
    interface Examples {

        /** The problem of a part of them; empty where they cannot be taken apart. */
        Optional<NetworkProblem> part(int index, int parts);

        /** See {@link Problem#fingerprint}. */
        double fingerprint();
    }

    NetworkProblem(Compilation compilation, ParameterSpace space, Penalty penalty, int iteration, Examples examples) {
        this.examples = examples;
        this.iteration = iteration;
        this.compilation = compilation;
        this.space = space;
        this.penalty = penalty;
        network = compilation.network();
        batch = network.batches();
    }

    /** The compiled network, at this problem's examples. */
    CompiledNetwork network() {
        if (network.batches() != batch) {
            throw new IllegalStateException("This problem has ended: its network has taken the next mini-batch of "
                    + network.batchSize() + " examples. Ask for a new one");
        }
        return network;
    }

    @Override
    public long dimension() {
        return space.theta.length();
    }

    @Override
    public DataType dataType() {
        return space.theta.dataType();
    }

    /** What recurrent layers carry from batch to batch, in order; none unless the model is trained so. */
    public List<StateSlot> states() {
        return network().jacobian().network().states();
    }

    /** Lets a part of that state begin as {@code before}, [b, n], or as zero; before anything is computed. */
    public void startState(int slot, @Nullable INDArray before) {
        network().startState(slot, before);
    }

    /** A part of that state behind the last step, at the parameters where the problem was evaluated last. */
    public INDArray endState(int slot) {
        return network().endState(slot);
    }

    /** Training steps before this problem. */
    int iteration() {
        return iteration;
    }

    /** b. */
    @Override
    public long examples() {
        return network.batchSize();
    }

    @Override
    public long outputs() {
        return network.outputs();
    }

    /**
     * Empty for networks with batch normalization, whose statistics are of all examples, with noise, drawn for all, and for
     * sequences, whose layers may carry a state.
     */
    @Override
    public Optional<Problem> share(int index, int count) {
        CompiledNetwork at = network();
        boolean areCoupled = Coupling.of(at).isAny();
        boolean isPart = count > 1 && count <= examples();
        return areCoupled || !isPart
                ? Optional.empty()
                : examples.part(index, count).map(part -> part);
    }

    @Override
    public double fingerprint() {
        return examples.fingerprint();
    }

    @Override
    public double value(INDArray theta) {
        CompiledNetwork at = network();
        space.moveTo(theta);
        return evaluate(at);
    }

    @Override
    public double value(INDArray base, double step, INDArray direction) {
        CompiledNetwork at = network();
        space.moveTo(base, step, direction);
        return evaluate(at);
    }

    private double evaluate(CompiledNetwork at) {
        return at.evaluate() + penalty.value(space.theta);
    }

    @Override
    public NetworkPoint linearize(INDArray theta) {
        CompiledNetwork at = network();
        space.moveTo(theta);
        double value = evaluate(at);
        at.linearize();
        long number = compilation.nextPoint();
        Vectors.copy(space.theta, compilation.origin());
        NetworkPoint next = new NetworkPoint(this, compilation, space, penalty, number, value);
        point = next;
        return next;
    }

    /**
     * The point where this problem was linearized last.
     *
     * @throws IllegalStateException if it was not
     */
    public NetworkPoint point() {
        if (point == null) {
            throw new IllegalStateException("The problem was not linearized yet");
        }
        return point;
    }

    /** The compiled network, for inspection. */
    public ExecutionPlan executionPlan() {
        return network().plan();
    }

    /**
     * To be open around the work of a step: element-wise operations on one thread where their arrays are small.
     *
     * <p>Float only: in double ND4J's tanh and sigmoid take up to 9 ns an element, which two threads do share with profit.
     */
    public ElementwiseThreads threads() {
        return ElementwiseThreads.one(
                space.theta.dataType() == DataType.FLOAT && network().largestActivation() <= SMALL_ARRAY);
    }
}
