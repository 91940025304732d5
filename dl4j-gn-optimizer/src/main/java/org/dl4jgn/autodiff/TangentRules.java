package org.dl4jgn.autodiff;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.dl4jgn.ops.GraphOp;
import org.nd4j.autodiff.functions.DifferentialFunction;

/**
 * The tangent rule of each SameDiff operation that has one, by the operation's name: this library's, and those that users
 * register.
 *
 * <pre>{@code
 * TangentRules.register("sin", (graph, op, in, y, tangents) ->
 *         tangents.get(0).mul(graph.math().cos(in.get(0))));           // y = sin x: ẏ = cos x ∘ ẋ
 * }</pre>
 *
 * <p>A rule is all that an operation needs: its transpose is SameDiff's reverse mode applied to what the rule wrote, and a
 * plan runs any registered operation of ND4J, and any of its older ones that works element by element, as it is. Safe for
 * use by several threads; a rule serves graphs that are differentiated after it was registered.
 */
public final class TangentRules {

    private static final Map<String, TangentRule> REGISTERED = new ConcurrentHashMap<>();
    private static final Set<String> BUILT_IN;

    static {
        REGISTERED.putAll(LinearTangents.rules());
        REGISTERED.putAll(ReductionTangents.rules());
        REGISTERED.putAll(ArithmeticTangents.rules());
        REGISTERED.putAll(ActivationTangents.rules());
        REGISTERED.putAll(ElementwiseTangents.rules());
        REGISTERED.putAll(PoolingTangents.rules());
        REGISTERED.putAll(NormTangents.rules());
        REGISTERED.putAll(AttentionTangents.rules());
        REGISTERED.putAll(IndexedTangents.rules());
        REGISTERED.putAll(MatrixTangents.rules());
        BUILT_IN = Set.copyOf(REGISTERED.keySet());
    }

    private TangentRules() {}

    /** The rule for an operation: its own, or by its name in ND4J. */
    public static Optional<TangentRule> of(DifferentialFunction op) {
        return op instanceof GraphOp
                ? Optional.of((graph, own, in, y, t) -> ((GraphOp) own).tangent(graph, t))
                : Optional.ofNullable(REGISTERED.get(op.opName()));
    }

    /** Names of the operations that can be differentiated in forward mode. */
    public static Set<String> names() {
        return new TreeSet<>(REGISTERED.keySet());
    }

    /**
     * Adds a rule.
     *
     * @param opName the operation's name in ND4J, {@code DifferentialFunction.opName()}
     * @throws IllegalArgumentException if the operation has a rule; nothing is changed
     */
    public static void register(String opName, TangentRule rule) {
        Objects.requireNonNull(rule, "The tangent rule of an operation must not be null");
        if (opName.isBlank()) {
            throw new IllegalArgumentException(
                    "The name of an operation was blank; give its name in ND4J, such as 'sin'");
        }
        if (REGISTERED.putIfAbsent(opName, rule) != null) {
            throw new IllegalArgumentException("Operation '" + opName + "' has a tangent rule "
                    + (BUILT_IN.contains(opName)
                            ? "of this library, which cannot be replaced; register rules for operations without one"
                            : "already; remove it by TangentRules.unregister first"));
        }
    }

    /**
     * Removes a rule that was registered; graphs that were differentiated with it keep what it wrote.
     *
     * @return whether there was one
     * @throws IllegalArgumentException if the rule is this library's
     */
    public static boolean unregister(String opName) {
        if (BUILT_IN.contains(opName)) {
            throw new IllegalArgumentException("The tangent rule of operation '" + opName
                    + "' is this library's and cannot be removed; only registered rules can");
        }
        return REGISTERED.remove(opName) != null;
    }
}
