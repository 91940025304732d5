package org.dl4jgn.autodiff;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.functions.DifferentialFunction;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.ScalarOp;

/** Tangent rules of activation functions: element by element, but for the softmax. */
final class ActivationTangents {

    /** The slope in ND4J's GELU, a float32 number in every type. */
    private static final double GELU_SLOPE = 1.702f;

    /** Operations whose own reverse rule gives f′ without overflow. */
    private static final List<String> BY_THEIR_REVERSE_RULE = List.of(
            "elu",
            "hard_sigmoid",
            "hardtanh",
            "leakyrelu",
            "rational_tanh",
            "rectified_tanh",
            "relu6",
            "selu",
            "softsign",
            "thresholdedrelu");

    private ActivationTangents() {}

    /** The rules, by the operations' names. */
    static Map<String, TangentRule> rules() {
        Map<String, TangentRule> rules = new HashMap<>(Map.of(
                "sigmoid", ActivationTangents::sigmoid,
                "tanh", ActivationTangents::tanh,
                "softmax", ActivationTangents::softmax,
                "log_softmax", ActivationTangents::logSoftmax,
                "relu", ActivationTangents::relu,
                "swish", ActivationTangents::swish,
                "gelu", ActivationTangents::gelu,
                "precise_gelu", ActivationTangents::preciseGelu,
                "mish", ActivationTangents::mish));
        BY_THEIR_REVERSE_RULE.forEach(name -> rules.put(name, ActivationTangents::elementwise));
        return rules;
    }

    /** y = σ(x): ẏ = y(1 − y) ẋ, from the output: no exponential is computed again. */
    private static SDVariable sigmoid(
            SameDiff graph, DifferentialFunction op, List<SDVariable> in, SDVariable y, List<@Nullable SDVariable> t) {
        return Tangents.present(t.get(0)).mul(y.mul(y.rsub(1.0)));
    }

    /** y = tanh x: ẏ = (1 − y²) ẋ. */
    private static SDVariable tanh(
            SameDiff graph, DifferentialFunction op, List<SDVariable> in, SDVariable y, List<@Nullable SDVariable> t) {
        return Tangents.present(t.get(0)).mul(y.mul(y).rsub(1.0));
    }

    /** p = softmax(x) along one dimension: ṗ = p ∘ ẋ − p (pᵀẋ). */
    private static SDVariable softmax(
            SameDiff graph, DifferentialFunction op, List<SDVariable> in, SDVariable y, List<@Nullable SDVariable> t) {
        SDVariable weighted = Tangents.present(t.get(0)).mul(y);
        int dimension = (int) ((DynamicCustomOp) op).iArgs()[0];
        return weighted.sub(y.mul(weighted.sum(true, dimension)));
    }

    /** y = log softmax(x) along one dimension: ẏ = ẋ − pᵀẋ with p = exp(y). */
    private static SDVariable logSoftmax(
            SameDiff graph, DifferentialFunction op, List<SDVariable> in, SDVariable y, List<@Nullable SDVariable> t) {
        SDVariable tangent = Tangents.present(t.get(0));
        long[] arguments = ((DynamicCustomOp) op).iArgs();
        int dimension = arguments.length == 0 ? -1 : (int) arguments[0];
        return tangent.sub(tangent.mul(graph.math().exp(y)).sum(true, dimension));
    }

    /** y = max(x, 0): ẏ = [y > 0] ẋ; at x = 0 the derivative is 0, as in DL4J. */
    private static SDVariable relu(
            SameDiff graph, DifferentialFunction op, List<SDVariable> in, SDVariable y, List<@Nullable SDVariable> t) {
        double cutoff = ((ScalarOp) op).scalar().getDouble(0);
        if (cutoff != 0) {
            throw new UnsupportedOperationException(
                    "relu '" + y.name() + "' has the cutoff " + cutoff + "; only 0 has a tangent rule");
        }
        return Tangents.present(t.get(0)).mul(graph.math().step(y, 0.0));
    }

    /** y = x σ(x): ẏ = (s + y(1 − s)) ẋ with s = σ(x). SameDiff's own rule overflows in float32 from x = 45 on. */
    private static SDVariable swish(
            SameDiff graph, DifferentialFunction op, List<SDVariable> in, SDVariable y, List<@Nullable SDVariable> t) {
        SDVariable s = graph.nn().sigmoid(in.get(0));
        return Tangents.present(t.get(0)).mul(s.add(y.mul(s.rsub(1.0))));
    }

    /** y = x σ(κx), κ = 1.702: ẏ = (s + κy(1 − s)) ẋ with s = σ(κx). SameDiff's own rule overflows as for swish. */
    private static SDVariable gelu(
            SameDiff graph, DifferentialFunction op, List<SDVariable> in, SDVariable y, List<@Nullable SDVariable> t) {
        SDVariable s = graph.nn().sigmoid(in.get(0).mul(GELU_SLOPE));
        return Tangents.present(t.get(0)).mul(s.add(y.mul(s.rsub(1.0)).mul(GELU_SLOPE)));
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
        return Tangents.present(t.get(0)).mul(derivative);
    }

    /** y = xt with t = tanh(log(1 + eˣ)): ẏ = (t + x σ(x)(1 − t²)) ẋ. SameDiff's own rule overflows as for swish. */
    private static SDVariable mish(
            SameDiff graph, DifferentialFunction op, List<SDVariable> in, SDVariable y, List<@Nullable SDVariable> t) {
        SDVariable x = in.get(0);
        SDVariable tanh = graph.math().tanh(graph.nn().softplus(x));
        SDVariable slope = x.mul(graph.nn().sigmoid(x)).mul(tanh.mul(tanh).rsub(1.0));
        return Tangents.present(t.get(0)).mul(tanh.add(slope));
    }

    /**
     * y = f(x) element by element: ẏ = f′(x) ∘ ẋ, where f′(x) is the operation's own reverse rule applied to ones. It
     * does not depend on the tangent, so a compiled plan computes it once for each linearization point.
     */
    private static SDVariable elementwise(
            SameDiff graph, DifferentialFunction op, List<SDVariable> in, SDVariable y, List<@Nullable SDVariable> t) {
        SDVariable derivative = op.doDiff(List.of(graph.onesLike(in.get(0)))).get(0);
        return Tangents.present(t.get(0)).mul(derivative);
    }
}
