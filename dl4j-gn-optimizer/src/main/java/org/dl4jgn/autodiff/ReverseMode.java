package org.dl4jgn.autodiff;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;

/**
 * Reverse mode with SameDiff's own gradient rules, from any variable with any cotangent, within the same graph.
 *
 * <p>SameDiff's {@code createGradFunction} starts from a scalar loss, copies the whole graph and differentiates
 * everything that leads to it. Here the cotangent is a variable and only operations between the inputs and the output
 * are visited. On a tangent graph (see {@link ForwardMode}), which is linear in its seeds, this is the transposed map:
 * with ż = J·v, the cotangent of v is Jᵀu.
 */
public final class ReverseMode {

    private final SameDiff graph;
    private final Set<String> between = new HashSet<>();
    private final Reachability inputs;

    private ReverseMode(SameDiff graph) {
        this.graph = graph;
        this.inputs = new Reachability(graph);
    }

    /**
     * Extends the graph by the cotangents of {@code inputs} for ⟨cotangent, output⟩.
     *
     * @return a cotangent for each input that the output depends on, by the input's name; the others' are zero
     */
    public static Map<String, SDVariable> cotangents(
            SameDiff graph, SDVariable output, SDVariable cotangent, Collection<SDVariable> inputs) {
        return cotangents(graph, List.of(output), List.of(cotangent), inputs);
    }

    /**
     * The same for a sum over several outputs, Σ ⟨cotangentᵢ, outputᵢ⟩.
     *
     * @param cotangents one for each output
     */
    public static Map<String, SDVariable> cotangents(
            SameDiff graph, List<SDVariable> outputs, List<SDVariable> cotangents, Collection<SDVariable> inputs) {
        return new ReverseMode(graph).transpose(outputs, cotangents, inputs);
    }

    private Map<String, SDVariable> transpose(
            List<SDVariable> outputs, List<SDVariable> given, Collection<SDVariable> variables) {
        variables.forEach(v -> inputs.from(v.name()));
        List<SameDiffOp> order = new ArrayList<>();
        Map<String, SDVariable> cotangents = new HashMap<>();
        for (int i = 0; i < outputs.size(); i++) {
            collect(outputs.get(i).name(), order);
            cotangents.merge(outputs.get(i).name(), given.get(i), SDVariable::add);
        }
        Deque<SameDiffOp> reversed = new ArrayDeque<>();
        order.forEach(reversed::push);
        for (SameDiffOp op : reversed) {
            SDVariable incoming = cotangents.get(op.getOutputsOfOp().get(0));
            if (incoming == null) {
                continue;
            }
            List<SDVariable> outgoing = ReverseRules.apply(graph, op.getOp(), incoming);
            List<String> opInputs = op.getInputsToOp();
            for (int i = 0; i < opInputs.size() && i < outgoing.size(); i++) {
                if (inputs.reaches(opInputs.get(i))) {
                    cotangents.merge(opInputs.get(i), outgoing.get(i), SDVariable::add);
                }
            }
        }
        Map<String, SDVariable> result = new LinkedHashMap<>();
        for (SDVariable input : variables) {
            SDVariable found = cotangents.get(input.name());
            if (found != null) {
                result.put(input.name(), found);
            }
        }
        return result;
    }

    /** Adds the operations between the inputs and {@code name}, producers first. */
    private void collect(String name, List<SameDiffOp> order) {
        SameDiffOp op = inputs.producer(name).orElse(null);
        if (op == null || !inputs.reaches(name) || !between.add(op.getName())) {
            return;
        }
        if (op.getOutputsOfOp().size() != 1) {
            throw new UnsupportedOperationException("Operation '" + op.getOp().opName() + "' (output '" + name
                    + "') has several outputs; only operations with one can be transposed");
        }
        op.getInputsToOp().forEach(in -> collect(in, order));
        order.add(op);
    }
}
