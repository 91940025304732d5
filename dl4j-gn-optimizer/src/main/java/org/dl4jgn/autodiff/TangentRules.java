package org.dl4jgn.autodiff;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.dl4jgn.ops.GraphOp;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.functions.DifferentialFunction;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.ScalarOp;

/** The tangent rule of each SameDiff operation that has one, by the operation's name. */
public final class TangentRules {

    private static final Map<String, TangentRule> RULES = new TreeMap<>();

    /** The slope in ND4J's GELU, a float32 number in every type. */
    private static final double GELU_SLOPE = 1.702f;

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
        RULES.put("swish", TangentRules::swish);
        RULES.put("gelu", TangentRules::gelu);
        RULES.put("precise_gelu", TangentRules::preciseGelu);
        RULES.put("mish", TangentRules::mish);
        RULES.put("mul_scalar", (graph, op, in, y, t) -> present(t.get(0)).mul(scalar(op)));
        RULES.put("add_scalar", (graph, op, in, y, t) -> present(t.get(0)));
        for (String name : List.of(
                "abs",
                "cube",
                "elu",
                "hard_sigmoid",
                "hardtanh",
                "leakyrelu",
                "pow",
                "rational_tanh",
                "rectified_tanh",
                "relu6",
                "selu",
                "softplus",
                "softsign",
                "thresholdedrelu")) {
            RULES.put(name, TangentRules::elementwise);
        }
    }

    private TangentRules() {}

    /** The rule for an operation: its own, or by its name in ND4J. */
    public static Optional<TangentRule> of(DifferentialFunction op) {
        return op instanceof GraphOp
                ? Optional.of((graph, own, in, y, t) -> ((GraphOp) own).tangent(graph, present(t.get(0))))
                : Optional.ofNullable(RULES.get(op.opName()));
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

    /** y = x + b, b along the channels: ẏ = ẋ + ḃ. */
    private static SDVariable biasAdd(
            SameDiff graph, DifferentialFunction op, List<SDVariable> in, SDVariable y, List<@Nullable SDVariable> t) {
        SDVariable x = t.get(0);
        SDVariable bias = t.get(1);
        if (bias == null) {
            return present(x);
        }
        SDVariable base = x == null ? graph.zerosLike(y) : x;
        return graph.nn().biasAdd(base, bias, ((DynamicCustomOp) op).bArgs()[0]);
    }

    /** y = a ∘ b: ẏ = ȧ ∘ b + a ∘ ḃ. */
    private static SDVariable multiply(
            SameDiff graph, DifferentialFunction op, List<SDVariable> in, SDVariable y, List<@Nullable SDVariable> t) {
        SDVariable a = t.get(0);
        SDVariable b = t.get(1);
        return sum(a == null ? null : a.mul(in.get(1)), b == null ? null : b.mul(in.get(0)));
    }

    /** y = a + b, of equal shapes: ẏ = ȧ + ḃ. */
    private static SDVariable add(
            SameDiff graph, DifferentialFunction op, List<SDVariable> in, SDVariable y, List<@Nullable SDVariable> t) {
        return sum(t.get(0), t.get(1));
    }

    /** y = a − b, of equal shapes: ẏ = ȧ − ḃ. */
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

    /** p = softmax(x) along one dimension: ṗ = p ∘ ẋ − p (pᵀẋ). */
    private static SDVariable softmax(
            SameDiff graph, DifferentialFunction op, List<SDVariable> in, SDVariable y, List<@Nullable SDVariable> t) {
        SDVariable weighted = present(t.get(0)).mul(y);
        int dimension = (int) ((DynamicCustomOp) op).iArgs()[0];
        return weighted.sub(y.mul(weighted.sum(true, dimension)));
    }

    /** y = max(x, 0): ẏ = [y > 0] ẋ; at x = 0 the derivative is 0, as in DL4J. */
    private static SDVariable relu(
            SameDiff graph, DifferentialFunction op, List<SDVariable> in, SDVariable y, List<@Nullable SDVariable> t) {
        double cutoff = scalar(op);
        if (cutoff != 0) {
            throw new UnsupportedOperationException(
                    "relu '" + y.name() + "' has the cutoff " + cutoff + "; only 0 has a tangent rule");
        }
        return present(t.get(0)).mul(graph.math().step(y, 0.0));
    }

    /** y = x σ(x): ẏ = (s + y(1 − s)) ẋ with s = σ(x). SameDiff's own rule overflows in float32 from x = 45 on. */
    private static SDVariable swish(
            SameDiff graph, DifferentialFunction op, List<SDVariable> in, SDVariable y, List<@Nullable SDVariable> t) {
        SDVariable s = graph.nn().sigmoid(in.get(0));
        return present(t.get(0)).mul(s.add(y.mul(s.rsub(1.0))));
    }

    /** y = x σ(κx), κ = 1.702: ẏ = (s + κy(1 − s)) ẋ with s = σ(κx). SameDiff's own rule overflows as for swish. */
    private static SDVariable gelu(
            SameDiff graph, DifferentialFunction op, List<SDVariable> in, SDVariable y, List<@Nullable SDVariable> t) {
        SDVariable s = graph.nn().sigmoid(in.get(0).mul(GELU_SLOPE));
        return present(t.get(0)).mul(s.add(y.mul(s.rsub(1.0)).mul(GELU_SLOPE)));
    }

    /**
     * y = ½x(1 + t) with t = tanh(√(2/π)(x + (κx)³)), κ = 0.044715, as ND4J computes it (κ belongs outside of the
     * cube): ẏ = ½(1 + t + x(1 − t²)√(2/π)(1 + 3κ³x²)) ẋ. SameDiff's own rule is up to 1e-4 off.
     */
    private static SDVariable preciseGelu(
            SameDiff graph, DifferentialFunction op, List<SDVariable> in, SDVariable y, List<@Nullable SDVariable> t) {
        SDVariable x = in.get(0);
        double scale = Math.sqrt(2 / Math.PI);
        double cube = Math.pow(0.044715, 3);
        SDVariable square = x.mul(x);
        SDVariable tanh = graph.math().tanh(x.mul(square.mul(scale * cube).add(scale)));
        SDVariable slope = square.mul(3 * scale * cube).add(scale);
        SDVariable derivative =
                tanh.add(1.0).add(x.mul(tanh.mul(tanh).rsub(1.0)).mul(slope)).mul(0.5);
        return present(t.get(0)).mul(derivative);
    }

    /** y = xt with t = tanh(log(1 + eˣ)): ẏ = (t + x σ(x)(1 − t²)) ẋ. SameDiff's own rule overflows as for swish. */
    private static SDVariable mish(
            SameDiff graph, DifferentialFunction op, List<SDVariable> in, SDVariable y, List<@Nullable SDVariable> t) {
        SDVariable x = in.get(0);
        SDVariable tanh = graph.math().tanh(graph.nn().softplus(x));
        SDVariable slope = x.mul(graph.nn().sigmoid(x)).mul(tanh.mul(tanh).rsub(1.0));
        return present(t.get(0)).mul(tanh.add(slope));
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

    private static double scalar(DifferentialFunction op) {
        return ((ScalarOp) op).scalar().getDouble(0);
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
