package org.dl4jgn.network;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.gram.DampedSystem;
import org.dl4jgn.gram.SystemKind;
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
import org.dl4jgn.translate.NoiseSlot;
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
 * The compiled network and loss for one batch size: forward pass, Jacobian-vector and vector-Jacobian products.
 *
 * <p>The Jacobian-vector product is the tangent of z along the parameters; the vector-Jacobian product is its transpose
 * by SameDiff's reverse mode, so both share everything that does not depend on the vector.
 */
public final class CompiledNetwork implements AutoCloseable {

    private final DifferentiatedNetwork jacobian;
    private final TranslatedNetwork network;
    private final ExecutionPlan plan;
    private final OutputLoss loss;
    private final boolean sparse;
    private final @Nullable INDArray weights;
    private final @Nullable INDArray omega;
    private final List<Noise> noise = new ArrayList<>();
    private final long batch;
    private @Nullable KeptSystem system;

    /** z, [b, c]. */
    public final INDArray preOutput;

    /** Jv, [b, c]. */
    public final INDArray jvp;

    /** u, [b, c]: what vector-Jacobian products read. */
    public final INDArray cotangent;

    private record Noise(NoiseSlot slot, List<INDArray> arrays) {}

    public CompiledNetwork(MultiLayerNetwork net, ParameterSpace space, long batch, boolean masked, long... example) {
        this.batch = batch;
        jacobian = DifferentiatedNetwork.of(net, batch, example);
        network = jacobian.network();
        DataType type = net.params().dataType();
        cotangent = Nd4j.createUninitializedDetached(type, batch, network.outputs());
        plan = compile(space, type);
        preOutput = plan.output(network.preOutput().name());
        jvp = plan.output(jacobian.jvp().name());
        Head head = Head.of(net);
        sparse = OutputLosses.isSparse(head.loss());
        weights = OutputLosses.weightsOf(head.loss(), network.outputs());
        omega = masked || weights != null ? preOutput.ulike() : null;
        OutputActivation activation = OutputActivation.of(head, preOutput);
        HeadNoise headNoise = new HeadNoise(declare(activation.noise(), type));
        loss = OutputLosses.create(new LossInputs(head, preOutput, activation, headNoise, omega, jvp, cotangent));
    }

    private ExecutionPlan compile(ParameterSpace space, DataType type) {
        INDArray features = Nd4j.createUninitializedDetached(type, network.featureShape());
        PlanCompiler compiler = new PlanCompiler(network.graph())
                .input(network.features().name(), features, Stage.BATCH)
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
        declare(network.noise(), type).forEach((name, array) -> compiler.input(name, array, Stage.FORWARD));
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
        return name.equals(network.features().name())
                || network.noise().stream().anyMatch(slot -> slot.variables().contains(name));
    }

    private Map<String, INDArray> declare(List<NoiseSlot> slots, DataType type) {
        Map<String, INDArray> arrays = new LinkedHashMap<>();
        for (NoiseSlot slot : slots) {
            List<INDArray> drawn = new ArrayList<>();
            for (String name : slot.variables()) {
                INDArray array = Nd4j.createUninitializedDetached(type, slot.shape());
                arrays.put(name, array);
                drawn.add(array);
            }
            noise.add(new Noise(slot, drawn));
        }
        return arrays;
    }

    /** Takes a batch in; features are read where they are, until the next call. */
    public void setBatch(Batch data) {
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

    /** Whether two evaluations of one batch differ unless draws are frozen. */
    public boolean isRandom() {
        return !noise.isEmpty();
    }

    /** Draws all noise anew. */
    public void draw(Random random, int iteration, int epoch) {
        for (Noise n : noise) {
            n.slot.sampler().draw(n.arrays, random, iteration, epoch);
        }
    }

    /** The mean loss at θ, without regularization. */
    public double evaluate() {
        plan.run(Stage.FORWARD);
        return loss.sum() / batch;
    }

    /** What DL4J reports as the mean loss at the θ of the last {@link #evaluate()}, without regularization. */
    public double score() {
        return loss.score() / batch;
    }

    /** The least that the mean loss can be for the labels of the batch, without regularization. */
    public double leastLoss() {
        return loss.leastSum() / batch;
    }

    /** What all products at this point share; after {@link #evaluate()}. */
    public void linearize() {
        plan.run(Stage.LINEARIZE);
        loss.linearize(1.0 / batch);
    }

    /** u ← r/b, so that {@link #vjp()} gives the gradient of the mean loss. */
    public void residualToCotangent() {
        Vectors.copy(loss.residual, cotangent);
        Vectors.scale(1.0 / batch, cotangent);
    }

    public void jvp() {
        plan.run(Stage.JVP);
    }

    public void vjp() {
        plan.run(Stage.VJP);
    }

    /** u ← (1/b) Q Jv. */
    public void multiplyCurvature() {
        loss.multiplyCurvature();
    }

    /** The system that was made for this batch size, or null. */
    @Nullable
    public KeptSystem system() {
        return system;
    }

    /** Keeps a system, in place of the one before, or null for none. */
    public void keep(@Nullable KeptSystem next) {
        if (system != null) {
            system.system().close();
        }
        system = next;
    }

    /** A system with what it was made as. */
    public record KeptSystem(SystemKind kind, DataType type, long bytes, DampedSystem system) {}

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
        keep(null);
        plan.close();
        loss.close();
        if (omega != null) {
            omega.close();
        }
        cotangent.close();
        noise.forEach(n -> n.arrays.forEach(INDArray::close));
    }
}
