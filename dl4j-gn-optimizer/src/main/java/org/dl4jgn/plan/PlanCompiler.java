package org.dl4jgn.plan;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.dl4jgn.linalg.Buffers;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Compiles a SameDiff graph, with its tangent and gradient operations, into an {@link ExecutionPlan}.
 *
 * <p>Four passes: the operations that the outputs depend on are <em>lowered</em> to nodes, one for each wanted output
 * ({@link GraphLowering}); nodes that nothing reads are dropped ({@link Liveness}); each remaining value gets memory, shared
 * between values whose lifetimes do not meet ({@link MemoryPlan}); each node becomes a prepared native call. Shapes and
 * types are fixed.
 *
 * <p>Give the graph's inputs with {@link #input}, say what is wanted with {@link #output}, then {@link #compile}.
 */
public final class PlanCompiler {

    private final SameDiff graph;
    private final Map<String, Value> values = new HashMap<>();
    private final Map<String, INDArray> bound = new LinkedHashMap<>();
    private final Map<String, @Nullable INDArray> outputs = new LinkedHashMap<>();
    private final Set<String> forwardOutputs = new LinkedHashSet<>();
    private final List<Node> nodes = new ArrayList<>();
    private boolean exact;

    /** Starts the compilation of {@code graph}, which is read only. */
    public PlanCompiler(SameDiff graph) {
        this.graph = graph;
    }

    /** The graph's input {@code name} lives in {@code array} and changes with {@code stage}. */
    public PlanCompiler input(String name, INDArray array, Stage stage) {
        Value value = new Value(name, array.shape(), array.dataType(), stage, false);
        value.array = array;
        value.persistent = true;
        values.put(name, value);
        bound.put(name, array);
        return this;
    }

    /** The graph's input {@code name} is all ones, of the shape and type of {@code like}. */
    public PlanCompiler onesInput(String name, INDArray like) {
        return onesInput(name, like.dataType(), like.shape());
    }

    /** The graph's input {@code name} is all ones; no memory is spent on it unless the outputs depend on it. */
    public PlanCompiler onesInput(String name, DataType type, long... shape) {
        values.put(name, new Value(name, shape, type, Stage.FORWARD, true));
        return this;
    }

    /** Keep the value {@code name}, of whatever stage. */
    public PlanCompiler output(String name) {
        outputs.put(name, null);
        return this;
    }

    /** Keep the value {@code name} and compute it in {@link Stage#FORWARD}. */
    public PlanCompiler forwardOutput(String name) {
        forwardOutputs.add(name);
        return output(name);
    }

    /** Use no faster substitutes whose relative error is larger than the original operation's. */
    public PlanCompiler exact() {
        exact = true;
        return this;
    }

    /** Write the value {@code name} into {@code array}. */
    public PlanCompiler output(String name, INDArray array) {
        outputs.put(name, array);
        return this;
    }

    /**
     * Compiles. Memory: see {@link ExecutionPlan#bytes()}.
     *
     * @return the plan, which the caller closes
     * @throws IllegalStateException if an output depends on an input that was not given
     */
    public ExecutionPlan compile() {
        Buffers buffers = new Buffers();
        try {
            return compile(buffers);
        } catch (RuntimeException e) {
            buffers.close();
            throw e;
        }
    }

    private ExecutionPlan compile(Buffers buffers) {
        GraphLowering lowering = new GraphLowering(graph, values, nodes);
        MemoryPlan memory = new MemoryPlan(nodes, buffers);
        lowering.lower(outputs.keySet(), exact);
        prescribeOutputs(lowering, memory);
        Liveness.dropUnread(
                nodes, outputs.keySet().stream().map(lowering::value).toList());
        Liveness.separateForward(
                nodes, forwardOutputs.stream().map(lowering::value).toList());
        nodes.sort(Comparator.comparing(Node::stage));
        memory.assign();
        Map<String, INDArray> results = new LinkedHashMap<>();
        for (String name : outputs.keySet()) {
            results.put(name, lowering.value(name).array());
        }
        return new ExecutionPlan(assemble(buffers), results, bound, buffers);
    }

    /** Lets nodes write where the owner wants the outputs, with a copy where the output is another value's alias. */
    private void prescribeOutputs(GraphLowering lowering, MemoryPlan memory) {
        Set<Value> taken = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Map.Entry<String, @Nullable INDArray> output : outputs.entrySet()) {
            Value value = lowering.value(output.getKey());
            INDArray target = output.getValue();
            if (target == null) {
                value.persistent = true;
                if (value.ones) {
                    value.array = memory.ones(value);
                }
                continue;
            }
            if (value.array == null && !value.ones && taken.add(value)) {
                value.array = target;
                value.persistent = true;
            } else {
                Value copy = new Value(output.getKey(), value.shape, value.type, value.stage, false);
                copy.array = target;
                copy.persistent = true;
                nodes.add(Node.call("identity", List.of(value), List.of(copy), Arguments.NONE, true));
                values.put(output.getKey(), copy);
            }
        }
    }

    private Map<Stage, Program> assemble(Buffers buffers) {
        Kernels kernels = Kernels.create(buffers);
        Map<Stage, Program> stages = new EnumMap<>(Stage.class);
        for (Stage stage : Stage.values()) {
            stages.put(stage, buffers.own(new Program()));
        }
        Map<INDArray, Optional<UsedColumns>> usedColumns = new IdentityHashMap<>();
        Program batch = Objects.requireNonNull(stages.get(Stage.BATCH));
        for (Node node : nodes) {
            Program program = stages.computeIfAbsent(node.stage(), s -> buffers.own(new Program()));
            node.write(new Assembly(node.stage(), program, batch, kernels, buffers, usedColumns));
        }
        return stages;
    }
}
