package org.dl4jgn.autodiff;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.autodiff.samediff.internal.Variable;

/** Which variables of a graph depend on given ones. */
final class Reachability {

    /** Operations whose output does not depend on the values of their inputs, or nowhere with a derivative other than zero. */
    private static final Set<String> INDEPENDENT = Set.of(
            "argmax",
            "argmin",
            "equals",
            "evaluate_reduction_shape",
            "greater",
            "greater_equal",
            "is_numeric_tensor",
            "isfinite",
            "isinf",
            "isnan",
            "less",
            "less_equal",
            "not_equals",
            "ones_as",
            "rank",
            "shape_of",
            "shapes_of",
            "size",
            "size_at",
            "stop_gradient",
            "zeroslike",
            "zeros_like");

    private final SameDiff graph;
    private final Map<String, Boolean> known = new HashMap<>();

    Reachability(SameDiff graph) {
        this.graph = graph;
    }

    /** Adds a variable whose dependents are asked for. */
    void from(String name) {
        known.values().removeIf(reached -> !reached);
        known.put(name, true);
    }

    boolean reaches(String name) {
        Boolean answer = known.get(name);
        if (answer == null) {
            answer = producer(name)
                    .filter(op -> !INDEPENDENT.contains(op.getOp().opName()))
                    .map(op -> op.getInputsToOp().stream().anyMatch(this::reaches))
                    .orElse(false);
            known.put(name, answer);
        }
        return answer;
    }

    /** The operation that computes a variable; empty for the graph's inputs. */
    Optional<SameDiffOp> producer(String name) {
        return Optional.ofNullable(graph.getVariables().get(name))
                .map(Variable::getOutputOfOp)
                .map(op -> graph.getOps().get(op));
    }
}
