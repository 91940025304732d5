package org.dl4jgn.autodiff;

import static java.util.Map.entry;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.functions.DifferentialFunction;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.ScalarOp;

/** Tangent rules of products, sums and biases. */
final class ArithmeticTangents {

    private ArithmeticTangents() {}

    /** The rules, by the operations' names. */
    static Map<String, TangentRule> rules() {
        return Map.ofEntries(
                entry("matmul", ArithmeticTangents::matmul),
                entry("biasadd", ArithmeticTangents::biasAdd),
                entry("multiply", ArithmeticTangents::multiply),
                entry("add", ArithmeticTangents::add),
                entry("subtract", ArithmeticTangents::subtract),
                entry("maximum", ArithmeticTangents::maximum),
                entry("concat", ArithmeticTangents::concat),
                entry("identity", (graph, op, in, y, t) -> Tangents.present(t.get(0))),
                entry(
                        "mul_scalar",
                        (graph, op, in, y, t) -> Tangents.present(t.get(0)).mul(scalar(op))),
                entry("add_scalar", (graph, op, in, y, t) -> Tangents.present(t.get(0))));
    }

    /** y = max(a, b), of equal shapes: ẏ = [b ≤ a] ȧ + [b > a] ḃ. */
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

    /** y = a + b, of equal shapes: ẏ = ȧ + ḃ. */
    private static SDVariable add(
            SameDiff graph, DifferentialFunction op, List<SDVariable> in, SDVariable y, List<@Nullable SDVariable> t) {
        return Tangents.sum(t.get(0), t.get(1));
    }

    /** y = a − b, of equal shapes: ẏ = ȧ − ḃ. */
    private static SDVariable subtract(
            SameDiff graph, DifferentialFunction op, List<SDVariable> in, SDVariable y, List<@Nullable SDVariable> t) {
        SDVariable a = t.get(0);
        SDVariable b = t.get(1);
        if (b == null) {
            return Tangents.present(a);
        }
        return a == null ? b.neg() : a.sub(b);
    }

    private static double scalar(DifferentialFunction op) {
        return ((ScalarOp) op).scalar().getDouble(0);
    }
}
