package org.dl4jgn.autodiff;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.autodiff.samediff.internal.Variable;

/** Which variables of a graph depend on given ones. */
final class Reachability {

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
            answer = producer(name).isPresent()
                    && producer(name).get().getInputsToOp().stream().anyMatch(this::reaches);
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
