package org.dl4jgn.plan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.VariableType;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The operations of a graph that the outputs depend on, as nodes on values: {@link LoweringRules} applied in order. */
final class GraphLowering {

    private final SameDiff graph;
    private final Map<String, Value> values;
    private final List<Node> nodes;
    private final Map<String, SameDiffOp> producers = new HashMap<>();
    private final Set<String> wanted = new HashSet<>();
    private final List<SameDiffOp> order = new ArrayList<>();
    private final Set<SameDiffOp> visited = Collections.newSetFromMap(new IdentityHashMap<>());

    /** Integers that say where something is, not what: shapes, places, axes. */
    private static final int LONGEST_KNOWN = 64;

    /**
     * Prepares to add to values and nodes.
     *
     * @param values the graph's inputs; further values are added by name
     */
    GraphLowering(SameDiff graph, Map<String, Value> values, List<Node> nodes) {
        this.graph = graph;
        this.values = values;
        this.nodes = nodes;
        for (SameDiffOp op : graph.getOps().values()) {
            op.getOutputsOfOp().forEach(out -> producers.put(out, op));
        }
    }

    /**
     * Lowers what {@code outputs} depend on.
     *
     * @param exact whether faster substitutes with a larger relative error are out of question
     */
    void lower(Collection<String> outputs, boolean exact) {
        outputs.forEach(this::visit);
        for (SameDiffOp op : order) {
            List<Value> in = new ArrayList<>();
            for (String name : op.getInputsToOp()) {
                in.add(value(name));
            }
            LoweringRules.of(op.getOp().opName())
                    .lower(new Lowering(op.getOp(), exact, in, op.getOutputsOfOp(), wanted, values, nodes));
        }
    }

    private void visit(String name) {
        wanted.add(name);
        SameDiffOp op = producers.get(name);
        if (op == null || values.containsKey(name) || !visited.add(op)) {
            return;
        }
        op.getInputsToOp().forEach(this::visit);
        order.add(op);
    }

    /**
     * The value of that name: an input, what a node computes, or a constant of the graph, whose array remains the graph's.
     *
     * @throws IllegalStateException if it is an input that was not given
     */
    Value value(String name) {
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
        boolean isShort = constant.length() > 0 && constant.length() <= LONGEST_KNOWN;
        if (variable.getVariableType() == VariableType.CONSTANT
                && constant.dataType().isIntType()
                && isShort) {
            value.known = constant.dup('c').reshape(constant.length()).toLongVector();
        }
        values.put(name, value);
        return value;
    }
}
