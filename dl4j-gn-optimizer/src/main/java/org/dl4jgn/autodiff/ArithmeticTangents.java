package org.dl4jgn.autodiff;

import static java.util.Map.entry;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.functions.DifferentialFunction;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ops.DynamicCustomOp;

/** Tangent rules of products, sums and biases. */
final class ArithmeticTangents {

    private ArithmeticTangents() {}

    /** The rules, by the operations' names. */
    static Map<String, TangentRule> rules() {
        Map<String, TangentRule> rules = new HashMap<>(Map.ofEntries(
                entry("matmul", ArithmeticTangents::matmul),
                entry("biasadd", ArithmeticTangents::biasAdd),
                entry("multiply", ArithmeticTangents::multiply),
                entry("divide", ArithmeticTangents::divide),
                entry("reversedivide", ArithmeticTangents::reverseDivide),
                entry("add", ArithmeticTangents::add),
                entry("subtract", ArithmeticTangents::subtract),
                entry("reversesubtract", ArithmeticTangents::reverseSubtract),
                entry("squaredsubtract", ArithmeticTangents::squaredSubtract),
                entry("Pow", ArithmeticTangents::power),
                entry("tf_atan2", ArithmeticTangents::arcTangent),
                entry("maximum", ArithmeticTangents::maximum),
                entry("minimum", ArithmeticTangents::minimum),
                entry("mergeadd", ArithmeticTangents::mergeAdd),
                entry("concat", ArithmeticTangents::concat)));
        rules.putAll(withScalars());
        return rules;
    }

    private static Map<String, TangentRule> withScalars() {
        return Map.ofEntries(
                entry("identity", (graph, op, in, y, t) -> Tangents.present(t.get(0))),
                entry("add_scalar", (graph, op, in, y, t) -> Tangents.present(t.get(0))),
                entry("sub_scalar", (graph, op, in, y, t) -> Tangents.present(t.get(0))),
                entry(
                        "mul_scalar",
                        (graph, op, in, y, t) -> Tangents.present(t.get(0)).mul(Tangents.scalar(op))),
                entry(
                        "div_scalar",
                        (graph, op, in, y, t) -> Tangents.present(t.get(0)).div(Tangents.scalar(op))),
                entry(
                        "rsub_scalar",
                        (graph, op, in, y, t) -> Tangents.present(t.get(0)).neg()),
                entry(
                        "rdiv_scalar",
                        (graph, op, in, y, t) ->
                                Tangents.present(t.get(0)).mul(y.div(in.get(0)).neg())));
    }

    /** y = a / b: ẏ = ȧ/b − y ḃ/b. */
    private static SDVariable divide(
            SameDiff graph, DifferentialFunction op, List<SDVariable> in, SDVariable y, List<@Nullable SDVariable> t) {
        return quotient(in.get(1), y, t.get(0), t.get(1));
    }

    /** y = b / a: ẏ = ḃ/a − y ȧ/a. */
    private static SDVariable reverseDivide(
            SameDiff graph, DifferentialFunction op, List<SDVariable> in, SDVariable y, List<@Nullable SDVariable> t) {
        return quotient(in.get(0), y, t.get(1), t.get(0));
    }

    private static SDVariable quotient(
            SDVariable denominator, SDVariable y, @Nullable SDVariable above, @Nullable SDVariable below) {
        SDVariable first = above == null ? null : above.div(denominator);
        SDVariable second = below == null ? null : below.mul(y.div(denominator).neg());
        return Tangents.sum(first, second);
    }

    /** y = (a − b)²: ẏ = 2(a − b)(ȧ − ḃ). */
    private static SDVariable squaredSubtract(
            SameDiff graph, DifferentialFunction op, List<SDVariable> in, SDVariable y, List<@Nullable SDVariable> t) {
        SDVariable twice = in.get(0).sub(in.get(1)).mul(2.0);
        SDVariable a = t.get(0);
        SDVariable b = t.get(1);
        return Tangents.sum(a == null ? null : a.mul(twice), b == null ? null : b.mul(twice.neg()));
    }

    /** y = aᵇ: ẏ = b aᵇ⁻¹ ȧ + y log a ḃ, where a = 0 without its logarithm. */
    private static SDVariable power(
            SameDiff graph, DifferentialFunction op, List<SDVariable> in, SDVariable y, List<@Nullable SDVariable> t) {
        SDVariable a = in.get(0);
        SDVariable b = in.get(1);
        SDVariable base = t.get(0);
        SDVariable exponent = t.get(1);
        SDVariable viaBase = base == null ? null : base.mul(b.mul(graph.math().pow(a, b.sub(1.0))));
        SDVariable sign = graph.math().sign(a);
        SDVariable notZero = a.add(sign.mul(sign).rsub(1.0));
        SDVariable viaExponent =
                exponent == null ? null : exponent.mul(y.mul(graph.math().log(notZero)));
        return Tangents.sum(viaBase, viaExponent);
    }

    /** y = the angle of the point (b, a): ẏ = (b ȧ − a ḃ)/(a² + b²). */
    private static SDVariable arcTangent(
            SameDiff graph, DifferentialFunction op, List<SDVariable> in, SDVariable y, List<@Nullable SDVariable> t) {
        SDVariable a = in.get(0);
        SDVariable b = in.get(1);
        SDVariable square = a.mul(a).add(b.mul(b));
        SDVariable viaA = t.get(0);
        SDVariable viaB = t.get(1);
        return Tangents.sum(
                viaA == null ? null : viaA.mul(b.div(square)),
                viaB == null ? null : viaB.mul(a.div(square).neg()));
    }

    /** y = min(a, b): ẏ = [b > a] ȧ + [b ≤ a] ḃ. */
    private static SDVariable minimum(
            SameDiff graph, DifferentialFunction op, List<SDVariable> in, SDVariable y, List<@Nullable SDVariable> t) {
        SDVariable first = graph.math().step(in.get(1).sub(in.get(0)), 0.0);
        SDVariable a = t.get(0);
        SDVariable b = t.get(1);
        return Tangents.sum(a == null ? null : a.mul(first), b == null ? null : b.mul(first.rsub(1.0)));
    }

    /** y = a + b + ..., of equal shapes. */
    private static SDVariable mergeAdd(
            SameDiff graph, DifferentialFunction op, List<SDVariable> in, SDVariable y, List<@Nullable SDVariable> t) {
        @Nullable SDVariable sum = null;
        for (SDVariable tangent : t) {
            sum = tangent == null ? sum : Tangents.sum(sum, tangent);
        }
        return Tangents.present(sum);
    }

    /** y = max(a, b): ẏ = [b ≤ a] ȧ + [b > a] ḃ. */
    private static SDVariable maximum(
            SameDiff graph, DifferentialFunction op, List<SDVariable> in, SDVariable y, List<@Nullable SDVariable> t) {
        SDVariable second = graph.math().step(in.get(1).sub(in.get(0)), 0.0);
        SDVariable a = t.get(0);
        SDVariable b = t.get(1);
        return Tangents.sum(a == null ? null : a.mul(second.rsub(1.0)), b == null ? null : b.mul(second));
    }

    /** y = (a b ...): ẏ = (ȧ ḃ ...). */
    private static SDVariable concat(
            SameDiff graph, DifferentialFunction op, List<SDVariable> in, SDVariable y, List<@Nullable SDVariable> t) {
        SDVariable[] parts = new SDVariable[in.size()];
        for (int i = 0; i < parts.length; i++) {
            SDVariable tangent = t.get(i);
            parts[i] = tangent == null ? graph.zerosLike(in.get(i)) : tangent;
        }
        return graph.concat((int) ((DynamicCustomOp) op).iArgs()[0], parts);
    }

    private static SDVariable product(SameDiff graph, SDVariable a, SDVariable b, boolean[] transposed) {
        boolean isPlain = !transposed[0] && !transposed[1] && !transposed[2];
        return isPlain ? graph.mmul(a, b) : graph.mmul(a, b, transposed[0], transposed[1], transposed[2]);
    }

    /** C = A·B, either or both transposed: Ċ = Ȧ·B + A·Ḃ. */
    private static SDVariable matmul(
            SameDiff graph, DifferentialFunction op, List<SDVariable> in, SDVariable y, List<@Nullable SDVariable> t) {
        boolean[] transposed = new boolean[3];
        long[] arguments = ((DynamicCustomOp) op).iArgs();
        for (int i = 0; i < Math.min(3, arguments.length); i++) {
            transposed[i] = arguments[i] != 0;
        }
        SDVariable a = t.get(0);
        SDVariable b = t.get(1);
        SDVariable viaA = a == null ? null : product(graph, a, in.get(1), transposed);
        SDVariable viaB = b == null ? null : product(graph, in.get(0), b, transposed);
        return Tangents.sum(viaA, viaB);
    }

    /** y = x + b, b along the channels: ẏ = ẋ + ḃ. */
    private static SDVariable biasAdd(
            SameDiff graph, DifferentialFunction op, List<SDVariable> in, SDVariable y, List<@Nullable SDVariable> t) {
        SDVariable x = t.get(0);
        SDVariable bias = t.get(1);
        if (bias == null) {
            return Tangents.present(x);
        }
        SDVariable base = x == null ? graph.zerosLike(y) : x;
        return graph.nn().biasAdd(base, bias, ((DynamicCustomOp) op).bArgs()[0]);
    }

    /** y = a ∘ b: ẏ = ȧ ∘ b + a ∘ ḃ. */
    private static SDVariable multiply(
            SameDiff graph, DifferentialFunction op, List<SDVariable> in, SDVariable y, List<@Nullable SDVariable> t) {
        SDVariable a = t.get(0);
        SDVariable b = t.get(1);
        return Tangents.sum(a == null ? null : a.mul(in.get(1)), b == null ? null : b.mul(in.get(0)));
    }

    /** y = a + b: ẏ = ȧ + ḃ. */
    private static SDVariable add(
            SameDiff graph, DifferentialFunction op, List<SDVariable> in, SDVariable y, List<@Nullable SDVariable> t) {
        return Tangents.sum(graph, y, t.get(0), t.get(1));
    }

    /** y = a − b: ẏ = ȧ − ḃ. */
    private static SDVariable subtract(
            SameDiff graph, DifferentialFunction op, List<SDVariable> in, SDVariable y, List<@Nullable SDVariable> t) {
        return difference(graph, y, t.get(0), t.get(1));
    }

    /** y = b − a: ẏ = ḃ − ȧ. */
    private static SDVariable reverseSubtract(
            SameDiff graph, DifferentialFunction op, List<SDVariable> in, SDVariable y, List<@Nullable SDVariable> t) {
        return difference(graph, y, t.get(1), t.get(0));
    }

    private static SDVariable difference(SameDiff graph, SDVariable y, @Nullable SDVariable a, @Nullable SDVariable b) {
        if (b == null) {
            return Tangents.broadcast(graph, y, Tangents.present(a));
        }
        return a == null ? Tangents.broadcast(graph, y, b.neg()) : a.sub(b);
    }
}
