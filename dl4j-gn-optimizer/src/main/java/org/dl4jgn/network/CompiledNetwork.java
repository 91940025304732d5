package org.dl4jgn.network;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.dl4jgn.linalg.Buffers;
import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.loss.HeadNoise;
import org.dl4jgn.loss.LossInputs;
import org.dl4jgn.loss.OutputLoss;
import org.dl4jgn.loss.OutputLosses;
import org.dl4jgn.plan.ExecutionPlan;
import org.dl4jgn.plan.PlanCompiler;
import org.dl4jgn.plan.Stage;
import org.dl4jgn.translate.Head;
import org.dl4jgn.translate.LayerOutput;
import org.dl4jgn.translate.Model;
import org.dl4jgn.translate.OutputActivation;
import org.dl4jgn.translate.ParameterSlot;
import org.dl4jgn.translate.TranslatedNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.shape.OneHot;
import org.nd4j.linalg.api.rng.Random;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A network and its loss compiled for one batch size: forward pass, Jacobian-vector and vector-Jacobian products.
 *
 * <p>The Jacobian-vector product is the tangent of z along the parameters; the vector-Jacobian product is its transpose
 * by SameDiff's reverse mode, so both share everything that does not depend on the vector.
 *
 * <p>This is the bare machine: its arrays are those that the native calls are bound to, each overwritten by the next call
 * that writes it, and the stages have to be run in their order. Who needs to know where it is asks {@link #place}.
 */
public final class CompiledNetwork implements AutoCloseable {

    private final Buffers buffers = new Buffers();
    private final ParameterSpace space;
    private final DifferentiatedNetwork jacobian;
    private final TranslatedNetwork network;
    private final ExecutionPlan plan;
    private final OutputLoss loss;
    private final boolean sparse;
    private final @Nullable INDArray weights;
    private final @Nullable INDArray omega;
    private final Draws draws;
    private final long batch;
    private double normalizer;
    private long batches;
    private long place = NOWHERE;
    private long linearizedAt = NOWHERE;

    private static final long NOWHERE = -1;

    /** z, [b, c]. */
    public final INDArray preOutput;

    /** Jv, [b, c]. */
    public final INDArray jvp;

    /** u, [b, c]: what vector-Jacobian products read. */
    public final INDArray cotangent;

    /**
     * Compiles.
     *
     * @param space where parameters, tangents and products are
     * @param batch b
     * @param masked whether batches have a mask of the loss
     * @param example the shape of an example's features
     */
    public CompiledNetwork(Model model, ParameterSpace space, long batch, boolean masked, long... example) {
        this.space = space;
        this.batch = batch;
        jacobian = DifferentiatedNetwork.of(model, batch, example);
        network = jacobian.network();
        DataType type = model.type();
        draws = new Draws(type);
        cotangent = buffers.allocate(type, batch, network.outputs());
        plan = compile(type);
        preOutput = plan.output(network.preOutput().name());
        jvp = plan.output(jacobian.jvp().name());
        Head head = model.head();
        sparse = OutputLosses.isSparse(head.loss());
        weights = OutputLosses.weightsOf(head.loss(), network.outputs());
        omega = masked || weights != null ? buffers.allocate(type, preOutput.shape()) : null;
        OutputActivation activation = OutputActivation.of(head, preOutput);
        HeadNoise headNoise = new HeadNoise(draws.add(activation.noise()));
        loss = OutputLosses.create(new LossInputs(head, preOutput, activation, headNoise, omega, jvp, cotangent));
    }

    private ExecutionPlan compile(DataType type) {
        PlanCompiler compiler = new PlanCompiler(network.graph())
                .input(network.features().name(), buffers.allocate(type, network.featureShape()), Stage.BATCH)
                .input(jacobian.cotangent().name(), cotangent, Stage.VJP)
                .forwardOutput(network.preOutput().name())
                .output(jacobian.jvp().name());
        // last layer first, so that a layer's cotangent is done with before the next is computed, and its buffer free
        for (int i = jacobian.slots().size() - 1; i >= 0; i--) {
            ParameterSlot slot = jacobian.slots().get(i);
            compiler.input(slot.variable(), slot.inWorkingOrder(space.theta), Stage.FORWARD)
                    .input(jacobian.tangents().get(i).name(), slot.inWorkingOrder(space.tangent), Stage.JVP)
                    .output(jacobian.products().get(i).name(), slot.inWorkingOrder(space.product));
        }
        Map<String, INDArray> drawn = draws.add(network.noise());
        drawn.forEach((name, array) -> compiler.input(name, array, Stage.FORWARD));
        for (LayerOutput output : network.activations()) {
            if (!isInput(output.variable().name())) {
                compiler.forwardOutput(output.variable().name());
            }
        }
        network.statistics().forEach(s -> compiler.forwardOutput(s.ofBatch().name()));
        // all of these are read by the products, so that keeping them costs nothing
        Set<String> read = new LinkedHashSet<>(jacobian.factors());
        network.uses().forEach(use -> use.inputs().forEach(in -> read.add(in.name())));
        read.removeIf(this::isInput);
        read.forEach(compiler::output);
        return compiler.compile();
    }

    private boolean isInput(String name) {
        return name.equals(network.features().name()) || draws.isDrawn(name);
    }

    /**
     * Takes a batch in; features are read where they are, until the next call.
     *
     * @param normalizer N of the mean (1/N) Σ ℓ
     */
    public void setBatch(Batch data, double normalizer) {
        this.normalizer = normalizer;
        batches++;
        place = NOWHERE;
        plan.bind(network.features().name(), data.features());
        plan.run(Stage.BATCH);
        if (sparse) {
            INDArray classes = data.labels().castTo(DataType.INT).reshape(batch);
            Nd4j.exec(new OneHot(classes, loss.y, (int) network.outputs()));
        } else {
            loss.y.assign(data.labels());
        }
        if (omega != null) {
            omega.assign(1.0);
            if (weights != null) {
                omega.muliRowVector(weights.castTo(omega.dataType()).reshape(weights.length()));
            }
            INDArray mask = data.mask();
            if (mask != null && mask.length() == batch) {
                omega.muliColumnVector(mask.castTo(omega.dataType()).reshape(batch, 1));
            } else if (mask != null) {
                omega.muli(mask.castTo(omega.dataType()));
            }
        }
        loss.labelsChanged();
    }

    /** How many batches were taken in: whoever holds on to one sees whether it is still there. */
    public long batches() {
        return batches;
    }

    /** b. */
    public long batchSize() {
        return batch;
    }

    /** N. */
    public double normalizer() {
        return normalizer;
    }

    /** Draws all noise anew. */
    public void draw(Random random, int iteration, int epoch) {
        draws.draw(random, iteration, epoch);
        place = NOWHERE;
    }

    /** Whether two evaluations of one batch differ unless draws are frozen. */
    public boolean isRandom() {
        return !draws.isEmpty();
    }

    /** The forward pass at θ of the space; returns (1/N) Σ ℓ. */
    public double evaluate() {
        plan.run(Stage.FORWARD);
        place = space.place();
        return loss.sum() / normalizer;
    }

    /** What DL4J reports as the mean loss, at the θ of the last {@link #evaluate()}. */
    public double score() {
        return loss.score() / normalizer;
    }

    /** The least value that {@link #evaluate()} can have anywhere, for this batch. */
    public double leastValue() {
        return loss.leastSum() / normalizer;
    }

    /** {@link ParameterSpace#place} of the last forward pass for this batch and draw, or −1. */
    public long place() {
        return place;
    }

    /** What all products at the evaluated point share; after {@link #evaluate()}. */
    public void linearize() {
        plan.run(Stage.LINEARIZE);
        loss.linearize(1.0 / normalizer);
        linearizedAt = place;
    }

    /** Whether products are those at the place of the space's θ. */
    public boolean isLinearizedHere() {
        return place != NOWHERE && place == space.place() && linearizedAt == place;
    }

    /** The space's product ← (1/N)Jᵀr. */
    public void multiplyResidual() {
        Vectors.copy(loss.residual, cotangent);
        Vectors.scale(1.0 / normalizer, cotangent);
        vjp();
    }

    /** The space's product ← (1/N)JᵀQJv for its tangent v. */
    public void multiplyCurvature() {
        jvp();
        loss.multiplyCurvature();
        vjp();
    }

    /**
     * How far the loss can be off at the linearized point, because z is known to unit roundoff u only: the model's change of
     * it under an error of size u|z|. Where outputs meet labels this is more than rounding of the loss itself.
     */
    public double rounding() {
        double unit = preOutput.dataType() == DataType.DOUBLE ? Math.ulp(1.0) : Math.ulp(1.0f);
        double slope = Vectors.norm2(loss.residual) * Vectors.norm2(preOutput) / normalizer;
        Vectors.copy(preOutput, jvp);
        loss.multiplyCurvature();
        return unit * (slope + unit * Vectors.dot(preOutput, cotangent) / 2);
    }

    /** {@link #jvp} ← Jv for the space's tangent v. */
    public void jvp() {
        plan.run(Stage.JVP);
    }

    /** The space's product ← Jᵀu for u in {@link #cotangent}; no 1/N. */
    public void vjp() {
        plan.run(Stage.VJP);
    }

    /** Outputs of all layers but the last, at the last evaluated point. */
    public List<INDArray> activations() {
        return network.activations().stream()
                .filter(a -> !a.variable().name().equals(network.features().name()))
                .map(a -> a.asInNetwork(plan.output(a.variable().name())))
                .toList();
    }

    /** The loss at the last evaluated point. */
    public OutputLoss loss() {
        return loss;
    }

    /** The network and its products as a graph. */
    public DifferentiatedNetwork jacobian() {
        return jacobian;
    }

    /** The array that a value of the forward pass is read from now; that of the features changes with the batch. */
    public INDArray array(String name) {
        return isInput(name) ? plan.input(name) : plan.output(name);
    }

    /** Number of elements of the largest array between two layers. */
    public long largestActivation() {
        return Math.max(
                preOutput.length(),
                activations().stream().mapToLong(INDArray::length).max().orElse(0));
    }

    /** The compiled network, for inspection. */
    public ExecutionPlan plan() {
        return plan;
    }

    @Override
    public void close() {
        plan.close();
        loss.close();
        draws.close();
        buffers.close();
    }
}
