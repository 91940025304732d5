package org.dl4jgn.plan;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.VariableType;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Compiles a SameDiff graph, with its tangent and gradient operations, into an {@link ExecutionPlan}.
 *
 * <p>Four passes: the operations that the outputs depend on are <em>lowered</em> to nodes, one for each wanted output
 * ({@link LoweringRules}); nodes that nothing reads are dropped; each remaining value gets memory, shared between
 * values whose lifetimes do not meet; each node becomes a prepared native call. Shapes and types are fixed.
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
    private final List<INDArray> owned = new ArrayList<>();
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
     * @throws IllegalStateException if an output depends on an input that was not given
     */
    public ExecutionPlan compile() {
        lower();
        Map<String, INDArray> results = new LinkedHashMap<>();
        prescribeOutputs();
        dropUnread();
        separateForward();
        nodes.sort(Comparator.comparing(Node::stage));
        markPersistent();
        allocate();
        for (String name : outputs.keySet()) {
            results.put(name, value(name).array());
        }
        return new ExecutionPlan(assemble(), results, bound, owned);
    }

    // ---- lowering -------------------------------------------------------------------------------------------------

    private void lower() {
        Map<String, SameDiffOp> producers = new HashMap<>();
        for (SameDiffOp op : graph.getOps().values()) {
            op.getOutputsOfOp().forEach(out -> producers.put(out, op));
        }
        Set<String> wanted = new HashSet<>();
        List<SameDiffOp> order = new ArrayList<>();
        Set<SameDiffOp> visited = Collections.newSetFromMap(new IdentityHashMap<>());
        for (String name : outputs.keySet()) {
            visit(name, producers, wanted, visited, order);
        }
        for (SameDiffOp op : order) {
            List<Value> in = new ArrayList<>();
            for (String name : op.getInputsToOp()) {
                in.add(value(name));
            }
            LoweringRules.of(op.getOp().opName())
                    .lower(new Lowering(op.getOp(), exact, in, op.getOutputsOfOp(), wanted, values, nodes));
        }
    }

    private void visit(
            String name,
            Map<String, SameDiffOp> producers,
            Set<String> wanted,
            Set<SameDiffOp> visited,
            List<SameDiffOp> order) {
        wanted.add(name);
        SameDiffOp op = producers.get(name);
        if (op == null || values.containsKey(name) || !visited.add(op)) {
            return;
        }
        for (String in : op.getInputsToOp()) {
            visit(in, producers, wanted, visited, order);
        }
        order.add(op);
    }

    private Value value(String name) {
        Value known = values.get(name);
        if (known != null) {
            return known;
        }
        SDVariable variable = graph.getVariable(name);
        INDArray constant =
                variable == null || variable.getVariableType() == VariableType.PLACEHOLDER ? null : variable.getArr();
        if (constant == null) {
            throw new IllegalStateException("The graph's input '" + name + "' was not given");
        }
        boolean ones = constant.length() == 1 && constant.getDouble(0) == 1.0;
        Value value = new Value(name, constant.shape(), constant.dataType(), Stage.FORWARD, ones);
        if (!ones) {
            value.array = constant;
            value.persistent = true;
        }
        values.put(name, value);
        return value;
    }

    /** Lets nodes write where the owner wants the outputs, with a copy where the output is another value's alias. */
    private void prescribeOutputs() {
        Set<Value> taken = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Map.Entry<String, @Nullable INDArray> output : outputs.entrySet()) {
            Value value = value(output.getKey());
            INDArray target = output.getValue();
            if (target == null) {
                value.persistent = true;
                if (value.ones) {
                    value.array = ones(value);
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
                nodes.add(Node.call("identity", List.of(value), List.of(copy), Node.Arguments.NONE, true, null));
                values.put(output.getKey(), copy);
            }
        }
    }

    // ---- dead code and stages -------------------------------------------------------------------------------------

    private void dropUnread() {
        Set<Value> live = Collections.newSetFromMap(new IdentityHashMap<>());
        for (String name : outputs.keySet()) {
            live.add(value(name));
        }
        for (int i = nodes.size() - 1; i >= 0; i--) {
            Node node = nodes.get(i);
            if (node.outputs.stream().anyMatch(live::contains)) {
                live.addAll(node.inputs);
            } else {
                nodes.remove(i);
            }
        }
    }

    /** Moves what depends on parameters and data alone but is not needed for the forward outputs to LINEARIZE. */
    private void separateForward() {
        Set<Value> needed = Collections.newSetFromMap(new IdentityHashMap<>());
        for (String name : forwardOutputs) {
            needed.add(value(name));
        }
        for (int i = nodes.size() - 1; i >= 0; i--) {
            Node node = nodes.get(i);
            if (node.outputs.stream().anyMatch(needed::contains)) {
                needed.addAll(node.inputs);
            } else if (node.stage() == Stage.FORWARD) {
                node.outputs.forEach(v -> v.stage = Stage.LINEARIZE);
            }
        }
    }

    // ---- memory ---------------------------------------------------------------------------------------------------

    private void markPersistent() {
        for (Node node : nodes) {
            for (Value in : node.inputs) {
                if (in.stage != node.stage()) {
                    in.persistent = true;
                }
            }
        }
    }

    private void allocate() {
        Map<Value, Integer> lastRead = new IdentityHashMap<>();
        for (int i = 0; i < nodes.size(); i++) {
            for (Value in : nodes.get(i).inputs) {
                lastRead.put(in, i);
            }
        }
        List<INDArray> free = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            Node node = nodes.get(i);
            for (Value in : node.inputs) {
                if (in.array == null) {
                    in.array = ones(in);
                }
            }
            Set<Value> dying = dying(node, i, lastRead);
            for (Value out : node.outputs) {
                if (out.array == null) {
                    out.array = out.persistent ? newArray(out) : transientArray(node, out, dying, free);
                }
                if (!out.persistent && !lastRead.containsKey(out)) {
                    free.add(out.array());
                }
            }
            dying.forEach(v -> free.add(v.array()));
        }
    }

    private static Set<Value> dying(Node node, int index, Map<Value, Integer> lastRead) {
        Set<Value> dying = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Value in : node.inputs) {
            if (!in.persistent && !in.ones && lastRead.getOrDefault(in, -1) == index) {
                dying.add(in);
            }
        }
        return dying;
    }

    private INDArray transientArray(Node node, Value out, Set<Value> dying, List<INDArray> free) {
        if (node.elementwise) {
            for (Value in : node.inputs) {
                if (dying.contains(in) && in.length() == out.length() && in.type == out.type) {
                    dying.remove(in);
                    return Views.reshape(in.array(), out.shape);
                }
            }
        }
        for (int i = free.size() - 1; i >= 0; i--) {
            INDArray candidate = free.get(i);
            if (candidate.length() == out.length() && candidate.dataType() == out.type) {
                free.remove(i);
                return Views.reshape(candidate, out.shape);
            }
        }
        return newArray(out);
    }

    private INDArray newArray(Value value) {
        INDArray array = Nd4j.createUninitializedDetached(value.type, value.shape);
        owned.add(array);
        return array;
    }

    private INDArray ones(Value value) {
        if (!value.ones) {
            throw new IllegalStateException("Value '" + value.name + "' is read before it is computed");
        }
        INDArray array = newArray(value).assign(1.0);
        value.persistent = true;
        return array;
    }

    // ---- instructions ---------------------------------------------------------------------------------------------

    private Map<Stage, Program> assemble() {
        Map<Stage, Program> stages = new EnumMap<>(Stage.class);
        for (Stage stage : Stage.values()) {
            stages.put(stage, new Program());
        }
        for (Node node : nodes) {
            Program program = stages.computeIfAbsent(node.stage(), s -> new Program());
            node.append(program);
        }
        return stages;
    }
}
