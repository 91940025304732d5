package org.dl4jgn.autodiff;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;

/**
 * Forward-mode differentiation: extends a SameDiff graph by the directional derivatives of its variables.
 *
 * <pre>{@code
 * SDVariable ẇ = graph.placeHolder("w-tangent", DataType.DOUBLE, 3, 4);
 * SDVariable ż = new ForwardMode(graph).seed(w, ẇ).tangent(z).orElseThrow();   // ż = ∂z/∂w · ẇ
 * }</pre>
 *
 * <p>The result is part of the same graph: it can be evaluated, compiled, and, being linear in the seeds,
 * differentiated by SameDiff with respect to them, which gives the transposed product. Values that the tangent needs
 * of the original graph are shared, not computed again.
 *
 * <p>Cost of one tangent: about that of the original operations, twice that for a product of two variables with
 * tangents. Operations without a rule are refused by name; {@link TangentRules#names()} lists those that have one.
 */
public final class ForwardMode {

    private final SameDiff graph;
    private final Map<String, SDVariable> seeded = new HashMap<>();
    private final Map<String, SDVariable> added = new HashMap<>();
    private final Map<String, SDVariable> tangents = new HashMap<>();
    private final Reachability seeds;

    /** Prepares to extend {@code graph}. */
    public ForwardMode(SameDiff graph) {
        this.graph = graph;
        this.seeds = new Reachability(graph);
    }

    /** Declares the tangent of a variable; all variables that are not declared, and not computed, are constants. */
    public ForwardMode seed(SDVariable variable, SDVariable tangent) {
        seeded.put(variable.name(), tangent);
        return beginAt(variable);
    }

    /** Declares that a computed variable moves by {@code tangent} beside what its inputs move it by. */
    public ForwardMode add(SDVariable variable, SDVariable tangent) {
        added.put(variable.name(), tangent);
        return beginAt(variable);
    }

    /** Forgets the tangents that were computed without it. */
    private ForwardMode beginAt(SDVariable variable) {
        seeds.from(variable.name());
        tangents.clear();
        tangents.putAll(seeded);
        return this;
    }

    /**
     * The tangent of {@code variable}, or empty if it does not depend on any seed (a tangent of zero).
     *
     * @throws UnsupportedOperationException if an operation on the way has no tangent rule
     */
    public Optional<SDVariable> tangent(SDVariable variable) {
        return Optional.ofNullable(tangentOf(variable.name()));
    }

    private @Nullable SDVariable tangentOf(String name) {
        SDVariable known = tangents.get(name);
        if (known != null || !seeds.reaches(name)) {
            return known;
        }
        SDVariable tangent = throughProducer(name);
        SDVariable own = added.get(name);
        if (own != null) {
            tangent = tangent == null ? own : tangent.add(own);
        }
        if (tangent != null) {
            tangents.put(name, tangent);
        }
        return tangent;
    }

    private @Nullable SDVariable throughProducer(String name) {
        SameDiffOp producer = seeds.producer(name).orElse(null);
        if (producer == null || producer.getInputsToOp().stream().noneMatch(seeds::reaches)) {
            return null;
        }
        List<SDVariable> inputs = new ArrayList<>();
        List<@Nullable SDVariable> inputTangents = new ArrayList<>();
        for (String input : producer.getInputsToOp()) {
            inputs.add(graph.getVariable(input));
            inputTangents.add(tangentOf(input));
        }
        String opName = producer.getOp().opName();
        TangentRule rule = TangentRules.of(producer.getOp())
                .orElseThrow(() -> new UnsupportedOperationException("Operation '" + opName + "' (output '" + name
                        + "') has no tangent rule; operations with one are " + TangentRules.names()
                        + ", and TangentRules.register takes further ones"));
        return rule.tangent(graph, producer.getOp(), inputs, graph.getVariable(name), inputTangents);
    }
}
