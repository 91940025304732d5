package org.dl4jgn.network;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.dl4jgn.linalg.Buffers;
import org.dl4jgn.plan.ExecutionPlan;
import org.dl4jgn.plan.PlanCompiler;
import org.dl4jgn.plan.Stage;
import org.dl4jgn.translate.BatchShape;
import org.dl4jgn.translate.LayerOutput;
import org.dl4jgn.translate.Model;
import org.dl4jgn.translate.NetworkHead;
import org.dl4jgn.translate.NetworkInput;
import org.dl4jgn.translate.ParameterSlot;
import org.dl4jgn.translate.RunningStatistic;
import org.dl4jgn.translate.StateSlot;
import org.dl4jgn.translate.TranslatedNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.rng.Random;
import org.nd4j.linalg.indexing.NDArrayIndex;

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
    private final List<CompiledHead> heads = new ArrayList<>();
    private final List<INDArray> cotangents = new ArrayList<>();
    private final List<@Nullable INDArray> labels = new ArrayList<>();
    private final List<INDArray> states = new ArrayList<>();
    private final Draws draws;
    private double normalizer;
    private long padding;
    private long batches;
    private long place = NOWHERE;
    private long linearizedAt = NOWHERE;

    private static final long NOWHERE = -1;

    /**
     * Compiles.
     *
     * @param space where parameters, tangents and products are
     * @param batch the shape of batches
     * @param masked for each head whether batches have a mask of its loss
     */
    public CompiledNetwork(Model model, ParameterSpace space, BatchShape batch, List<Boolean> masked) {
        this.space = space;
        jacobian = DifferentiatedNetwork.of(model, batch);
        network = jacobian.network();
        DataType type = model.type();
        draws = new Draws(type, batch.size());
        network.heads().forEach(head -> cotangents.add(buffers.allocate(type, head.rows(), head.outputs())));
        plan = compile(type);
        for (int i = 0; i < network.heads().size(); i++) {
            NetworkHead head = network.heads().get(i);
            heads.add(new CompiledHead(
                    head,
                    plan.output(head.preOutput().name()),
                    plan.output(jacobian.jvps().get(i).name()),
                    cotangents.get(i),
                    labels.get(i),
                    i < masked.size() && masked.get(i),
                    draws));
        }
    }

    private ExecutionPlan compile(DataType type) {
        PlanCompiler compiler = new PlanCompiler(network.graph());
        network.inputs()
                .forEach(input -> compiler.input(input.name(), buffers.allocate(type, input.shape()), Stage.BATCH));
        for (int i = 0; i < cotangents.size(); i++) {
            compiler.input(jacobian.cotangents().get(i).name(), cotangents.get(i), Stage.VJP)
                    .forwardOutput(network.heads().get(i).preOutput().name())
                    .output(jacobian.jvps().get(i).name());
        }
        // last layer first, so that a layer's cotangent is done with before the next is computed, and its buffer free
        for (int i = jacobian.slots().size() - 1; i >= 0; i--) {
            ParameterSlot slot = jacobian.slots().get(i);
            compiler.input(slot.variable(), slot.inWorkingOrder(space.theta), Stage.FORWARD)
                    .input(jacobian.tangents().get(i).name(), slot.inWorkingOrder(space.tangent), Stage.JVP)
                    .output(jacobian.products().get(i).name(), slot.inWorkingOrder(space.product));
        }
        for (ParameterSlot slot : network.frozen()) {
            compiler.input(slot.variable(), slot.inWorkingOrder(space.theta), Stage.FORWARD);
        }
        for (RunningStatistic statistic : network.statistics()) {
            ParameterSlot slot = statistic.slot();
            compiler.input(slot.variable(), slot.inWorkingOrder(space.theta), Stage.FORWARD);
        }
        for (NetworkHead head : network.heads()) {
            SDVariable given = head.givenLabels();
            INDArray array = given == null ? null : buffers.allocate(type, head.rows(), head.labels());
            labels.add(array);
            if (given != null && array != null) {
                compiler.input(given.name(), array, Stage.BATCH);
            }
        }
        for (StateSlot state : network.states()) {
            INDArray before = buffers.filled(
                    0, type, network.batch().size(), state.before().getShape()[1]);
            states.add(before);
            compiler.input(state.before().name(), before, Stage.FORWARD)
                    .forwardOutput(state.steps().name());
        }
        Map<String, INDArray> drawn = draws.add(network.noise());
        drawn.forEach((name, array) -> compiler.input(name, array, Stage.FORWARD));
        for (LayerOutput output : network.activations().values()) {
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
        return network.inputs().stream().anyMatch(input -> input.name().equals(name)) || draws.isDrawn(name);
    }

    /** Takes a batch of this shape in; features are read where they are, until the next call. */
    public void setBatch(Batch data) {
        normalizer = data.normalizer();
        padding = data.inputs().padding();
        batches++;
        place = NOWHERE;
        for (NetworkInput input : network.inputs()) {
            INDArray mask = data.inputs().masks().get(input.index());
            boolean isMask = input.source() == NetworkInput.Source.FEATURE_MASK && mask != null;
            plan.bind(input.name(), isMask ? mask : data.inputs().features().get(input.index()));
        }
        for (int i = 0; i < heads.size(); i++) {
            heads.get(i).setLabels(data.labels().get(i), data.masks().get(i));
        }
        plan.run(Stage.BATCH);
    }

    /** Lets a part of the recurrent layers' state begin as {@code before}, [b, n], or, for null, as zero. */
    public void startState(int slot, @Nullable INDArray before) {
        place = NOWHERE;
        INDArray state = states.get(slot);
        if (before == null) {
            state.assign(0);
        } else {
            state.assign(before);
        }
    }

    /** A part of the recurrent layers' state behind the last step of the last forward pass, [b, n]; a copy. */
    public INDArray endState(int slot) {
        INDArray steps = plan.output(network.states().get(slot).steps().name());
        long b = batchSize();
        long last = steps.size(0) / b - padding - 1;
        return steps.reshape('c', b, steps.size(0) / b, steps.size(1))
                .get(NDArrayIndex.all(), NDArrayIndex.point(last), NDArrayIndex.all())
                .dup('c');
    }

    /** How many batches were taken in: whoever holds on to one sees whether it is still there. */
    public long batches() {
        return batches;
    }

    /** b. */
    public long batchSize() {
        return network.batch().size();
    }

    /** N. */
    public double normalizer() {
        return normalizer;
    }

    /**
     * Draws all noise anew.
     *
     * @param random whose state is lost
     * @param seed the iteration's
     * @param first place of the first example in the mini-batch that those of the batch belong to
     */
    public void draw(Random random, long seed, long first, int iteration, int epoch) {
        draws.draw(random, seed, first, iteration, epoch);
        place = NOWHERE;
    }

    /** Whether two evaluations of one batch differ unless draws are frozen. */
    public boolean isRandom() {
        return !draws.isEmpty();
    }

    /** Whether the noise on an example is a function of its place in the mini-batch, wherever the others are. */
    public boolean isNoiseOfExamples() {
        return draws.isOfExamples();
    }

    /** The forward pass at θ of the space; returns (1/N) Σ ℓ. */
    public double evaluate() {
        plan.run(Stage.FORWARD);
        place = space.place();
        return heads.stream().mapToDouble(head -> head.loss.sum()).sum() / normalizer;
    }

    /** What DL4J reports as the mean loss, at the θ of the last {@link #evaluate()}. */
    public double score() {
        return heads.stream().mapToDouble(head -> head.loss.score()).sum() / normalizer;
    }

    /** The least value that {@link #evaluate()} can have anywhere, for this batch. */
    public double leastValue() {
        return heads.stream().mapToDouble(head -> head.loss.leastSum()).sum() / normalizer;
    }

    /** {@link ParameterSpace#place} of the last forward pass for this batch and draw, or −1. */
    public long place() {
        return place;
    }

    /** What all products at the evaluated point share; after {@link #evaluate()}. */
    public void linearize() {
        plan.run(Stage.LINEARIZE);
        heads.forEach(head -> head.loss.linearize(1.0 / normalizer));
        linearizedAt = place;
    }

    /** Whether products are those at the place of the space's θ. */
    public boolean isLinearizedHere() {
        return place != NOWHERE && place == space.place() && linearizedAt == place;
    }

    /** The space's product ← (1/N)Jᵀr. */
    public void multiplyResidual() {
        heads.forEach(head -> head.takeResidual(normalizer));
        vjp();
    }

    /** The space's product ← (1/N)JᵀQJv for its tangent v. */
    public void multiplyCurvature() {
        jvp();
        heads.forEach(head -> head.loss.multiplyCurvature());
        vjp();
    }

    /**
     * How far the loss can be off at the linearized point, because z is known to unit roundoff u only: the model's change of
     * it under an error of size u|z|. Where outputs meet labels this is more than rounding of the loss itself.
     */
    public double rounding() {
        double unit = space.theta.dataType() == DataType.DOUBLE ? Math.ulp(1.0) : Math.ulp(1.0f);
        return heads.stream()
                .mapToDouble(head -> head.rounding(unit, normalizer))
                .sum();
    }

    /**
     * The mean of the diagonal of (b/N)Q over all outputs of all heads, at most 1/c for cross-entropy on a softmax of c
     * classes.
     */
    public double lossCurvature() {
        long outputs = network.outputs()
                - heads.stream().mapToLong(head -> head.padding(padding)).sum();
        return heads.stream().mapToDouble(head -> head.loss.curvatureSum()).sum() / outputs;
    }

    /** {@link CompiledHead#jvp} ← Jv for the space's tangent v. */
    public void jvp() {
        plan.run(Stage.JVP);
    }

    /** The space's product ← Jᵀu, summed over the heads, for u in their {@link CompiledHead#cotangent}; no 1/N. */
    public void vjp() {
        plan.run(Stage.VJP);
    }

    /** Outputs of all layers that are no heads, at the last evaluated point, by the names that DL4J has for them. */
    public Map<String, INDArray> activations() {
        Map<String, INDArray> arrays = new LinkedHashMap<>();
        network.activations().forEach((name, output) -> {
            if (!isInput(output.variable().name())) {
                INDArray array =
                        output.asInNetwork(plan.output(output.variable().name()));
                arrays.put(name, SequencePadding.trimmed(output, array, batchSize(), padding));
            }
        });
        return arrays;
    }

    /** The heads, in order. */
    public List<CompiledHead> heads() {
        return heads;
    }

    /** C, the elements of the z of all heads for one example. */
    public long outputs() {
        return network.outputs();
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
        Stream<INDArray> between = network.activations().values().stream()
                .map(output -> array(output.variable().name()));
        return Stream.concat(heads.stream().map(head -> head.preOutput), between)
                .mapToLong(INDArray::length)
                .max()
                .orElse(0);
    }

    /** The compiled network, for inspection. */
    public ExecutionPlan plan() {
        return plan;
    }

    @Override
    public void close() {
        plan.close();
        heads.forEach(CompiledHead::close);
        draws.close();
        buffers.close();
    }
}
