package org.dl4jgn.autodiff;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.functions.DifferentialFunction;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.ops.SDMath;
import org.nd4j.linalg.api.ops.DynamicCustomOp;

/**
 * Tangent rules of functions of one array, element by element: y = f(x), ẏ = f′(x) ∘ ẋ.
 *
 * <p>f′ is written in operations that have rules themselves, so that forward mode applied twice gives second derivatives.
 */
final class ElementwiseTangents {

    /** f′ of an operation, from its input and its output. */
    @FunctionalInterface
    private interface Derivative {

        SDVariable at(SDMath math, SDVariable x, SDVariable y);
    }

    /** Functions that are constant between their jumps, and tests. */
    private static final List<String> STEPS = List.of("ceil", "floor", "round", "sign", "step");

    private static final double TWO_BY_ROOT_PI = 2 / Math.sqrt(Math.PI);

    private ElementwiseTangents() {}

    /** The rules, by the operations' names. */
    static Map<String, TangentRule> rules() {
        Map<String, Derivative> derivatives = new HashMap<>();
        powers(derivatives);
        exponentials(derivatives);
        circular(derivatives);
        hyperbolic(derivatives);
        Map<String, TangentRule> rules = new HashMap<>();
        derivatives.forEach((name, derivative) -> rules.put(
                name,
                (graph, op, in, y, t) -> Tangents.present(t.get(0)).mul(derivative.at(graph.math(), in.get(0), y))));
        STEPS.forEach(name -> rules.put(name, (graph, op, in, y, t) -> graph.zerosLike(y)));
        rules.put("neg", (graph, op, in, y, t) -> Tangents.present(t.get(0)).neg());
        rules.put(
                "pow", (graph, op, in, y, t) -> Tangents.present(t.get(0)).mul(power(in.get(0), Tangents.scalar(op))));
        rules.put("ClipByValue", ElementwiseTangents::clip);
        return rules;
    }

    /** y = x between two bounds: ẏ = ẋ there and 0 beyond. */
    private static SDVariable clip(
            SameDiff graph, DifferentialFunction op, List<SDVariable> in, SDVariable y, List<@Nullable SDVariable> t) {
        double[] bounds = ((DynamicCustomOp) op).tArgs();
        SDVariable above = graph.math().step(in.get(0), bounds[0]);
        SDVariable below = graph.math().step(in.get(0), bounds[1]).rsub(1.0);
        return Tangents.present(t.get(0)).mul(above.mul(below));
    }

    private static void powers(Map<String, Derivative> rules) {
        rules.put("square", (math, x, y) -> x.mul(2.0));
        rules.put("cube", (math, x, y) -> x.mul(x).mul(3.0));
        rules.put("sqrt", (math, x, y) -> y.rdiv(0.5));
        rules.put("rsqrt", (math, x, y) -> y.mul(y).mul(y).mul(-0.5));
        rules.put("Reciprocal", (math, x, y) -> y.mul(y).neg());
        rules.put("abs", (math, x, y) -> math.sign(x));
    }

    /** p xᵖ⁻¹, without 0⁻¹ where p is 0 or 1. */
    private static SDVariable power(SDVariable x, double p) {
        if (p == 0 || p == 1) {
            return x.mul(0.0).add(p);
        }
        return p == 2 ? x.mul(2.0) : x.pow(p - 1).mul(p);
    }

    private static void exponentials(Map<String, Derivative> rules) {
        rules.put("exp", (math, x, y) -> y);
        rules.put("expm1", (math, x, y) -> y.add(1.0));
        rules.put("log", (math, x, y) -> x.rdiv(1.0));
        rules.put("log1p", (math, x, y) -> x.add(1.0).rdiv(1.0));
        rules.put("erf", (math, x, y) -> math.exp(x.mul(x).neg()).mul(TWO_BY_ROOT_PI));
        rules.put("erfc", (math, x, y) -> math.exp(x.mul(x).neg()).mul(-TWO_BY_ROOT_PI));
        rules.put("softplus", (math, x, y) -> sigmoid(x));
        rules.put("logsigmoid", (math, x, y) -> sigmoid(x.neg()));
    }

    private static SDVariable sigmoid(SDVariable x) {
        return x.getSameDiff().nn().sigmoid(x);
    }

    private static void circular(Map<String, Derivative> rules) {
        rules.put("sin", (math, x, y) -> math.cos(x));
        rules.put("cos", (math, x, y) -> math.sin(x).neg());
        rules.put("tan", (math, x, y) -> y.mul(y).add(1.0));
        rules.put("asin", (math, x, y) -> root(math, x.mul(x).rsub(1.0)).rdiv(1.0));
        rules.put("acos", (math, x, y) -> root(math, x.mul(x).rsub(1.0)).rdiv(-1.0));
        rules.put("atan", (math, x, y) -> x.mul(x).add(1.0).rdiv(1.0));
    }

    private static void hyperbolic(Map<String, Derivative> rules) {
        rules.put("sinh", (math, x, y) -> math.cosh(x));
        rules.put("cosh", (math, x, y) -> math.sinh(x));
        rules.put("asinh", (math, x, y) -> root(math, x.mul(x).add(1.0)).rdiv(1.0));
        rules.put("acosh", (math, x, y) -> root(math, x.mul(x).sub(1.0)).rdiv(1.0));
        rules.put("atanh", (math, x, y) -> x.mul(x).rsub(1.0).rdiv(1.0));
    }

    private static SDVariable root(SDMath math, SDVariable x) {
        return math.sqrt(x);
    }
}
