package org.dl4jgn.autodiff;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.functions.DifferentialFunction;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ops.DynamicCustomOp;

/** The tangent rule of each SameDiff operation that has one, by the operation's name. */
public final class TangentRules {

    private static final Map<String, TangentRule> RULES = new TreeMap<>();

    static {
        RULES.put("matmul", TangentRules::matmul);
        RULES.put("biasadd", TangentRules::biasAdd);
        RULES.put("multiply", TangentRules::multiply);
        RULES.put("add", TangentRules::add);
        RULES.put("subtract", TangentRules::subtract);
        RULES.put("identity", (graph, op, in, y, t) -> present(t.get(0)));
        RULES.put("sigmoid", TangentRules::sigmoid);
        RULES.put("tanh", TangentRules::tanh);
        RULES.put("softmax", TangentRules::softmax);
        RULES.put("relu", TangentRules::relu);
        for (String name : List.of(
                "cube",
                "elu",
                "gelu",
                "hard_sigmoid",
                "hardtanh",
                "leakyrelu",
                "mish",
                "precise_gelu",
                "rational_tanh",
                "rectified_tanh",
                "relu6",
                "selu",
                "softplus",
                "softsign",
                "swish",
                "thresholdedrelu")) {
            RULES.put(name, TangentRules::elementwise);
        }
    }

    private TangentRules() {}

    /** The rule for an operation, by its name in ND4J. */
    public static Optional<TangentRule> of(String opName) {
        return Optional.ofNullable(RULES.get(opName));
    }

    /** Names of the operations that can be differentiated in forward mode. */
    public static Set<String> names() {
        return new TreeSet<>(RULES.keySet());
    }

    /** C = A·B: Ċ = Ȧ·B + A·Ḃ. */
    private static SDVariable matmul(
            SameDiff graph, DifferentialFunction op, List<SDVariable> in, SDVariable y, List<@Nullable SDVariable> t) {
        for (long argument : ((DynamicCustomOp) op).iArgs()) {
            if (argument != 0) {
                throw new UnsupportedOperationException(
                        "matmul '" + y.name() + "' transposes an argument; permute it before the product instead");
            }
        }
        SDVariable a = t.get(0);
        SDVariable b = t.get(1);
        SDVariable viaA = a == null ? null : graph.mmul(a, in.get(1));
        SDVariable viaB = b == null ? null : graph.mmul(in.get(0), b);
        return sum(viaA, viaB);
    }

    private static SDVariable biasAdd(
            SameDiff graph, DifferentialFunction op, List<SDVariable> in, SDVariable y, List<@Nullable SDVariable> t) {
        SDVariable x = t.get(0);
        SDVariable bias = t.get(1);
        if (bias == null) {
            return present(x);
        }
        SDVariable base = x == null ? graph.zerosLike(y) : x;
        return graph.nn().biasAdd(base, bias, false);
    }

    /** y = a ∘ b: ẏ = ȧ ∘ b + a ∘ ḃ. */
    private static SDVariable multiply(
            SameDiff graph, DifferentialFunction op, List<SDVariable> in, SDVariable y, List<@Nullable SDVariable> t) {
        SDVariable a = t.get(0);
        SDVariable b = t.get(1);
        return sum(a == null ? null : a.mul(in.get(1)), b == null ? null : b.mul(in.get(0)));
    }

    private static SDVariable add(
            SameDiff graph, DifferentialFunction op, List<SDVariable> in, SDVariable y, List<@Nullable SDVariable> t) {
        return sum(t.get(0), t.get(1));
    }

    private static SDVariable subtract(
            SameDiff graph, DifferentialFunction op, List<SDVariable> in, SDVariable y, List<@Nullable SDVariable> t) {
        SDVariable a = t.get(0);
        SDVariable b = t.get(1);
        if (b == null) {
            return present(a);
        }
        return a == null ? b.neg() : a.sub(b);
    }

    /** y = σ(x): ẏ = y(1 − y) ẋ, from the output: no exponential is computed again. */
    private static SDVariable sigmoid(
            SameDiff graph, DifferentialFunction op, List<SDVariable> in, SDVariable y, List<@Nullable SDVariable> t) {
        return present(t.get(0)).mul(y.mul(y.rsub(1.0)));
    }

    /** y = tanh x: ẏ = (1 − y²) ẋ. */
    private static SDVariable tanh(
            SameDiff graph, DifferentialFunction op, List<SDVariable> in, SDVariable y, List<@Nullable SDVariable> t) {
        return present(t.get(0)).mul(y.mul(y).rsub(1.0));
    }

    /** Over each row, p = softmax(x): ṗ = p ∘ ẋ − p (pᵀẋ). */
    private static SDVariable softmax(
            SameDiff graph, DifferentialFunction op, List<SDVariable> in, SDVariable y, List<@Nullable SDVariable> t) {
        SDVariable weighted = present(t.get(0)).mul(y);
        return weighted.sub(y.mul(weighted.sum(true, 1)));
    }

    /** y = max(x, 0): ẏ = [y > 0] ẋ; at x = 0 the derivative is 0, as in DL4J. */
    private static SDVariable relu(
            SameDiff graph, DifferentialFunction op, List<SDVariable> in, SDVariable y, List<@Nullable SDVariable> t) {
        return present(t.get(0)).mul(graph.math().step(y, 0.0));
    }

    /**
     * y = f(x) element by element: ẏ = f′(x) ∘ ẋ, where f′(x) is the operation's own reverse rule applied to ones. It
     * does not depend on the tangent, so a compiled plan computes it once for each linearization point.
     */
    private static SDVariable elementwise(
            SameDiff graph, DifferentialFunction op, List<SDVariable> in, SDVariable y, List<@Nullable SDVariable> t) {
        SDVariable derivative = op.doDiff(List.of(graph.onesLike(in.get(0)))).get(0);
        return present(t.get(0)).mul(derivative);
    }

    private static SDVariable sum(@Nullable SDVariable a, @Nullable SDVariable b) {
        if (a == null) {
            return present(b);
        }
        return b == null ? a : a.add(b);
    }

    private static SDVariable present(@Nullable SDVariable tangent) {
        if (tangent == null) {
            throw new IllegalArgumentException("A tangent rule was called without any tangent");
        }
        return tangent;
    }
}
