package org.dl4jgn.autodiff;

import static org.dl4jgn.testing.Tolerances.FINITE_DIFFERENCE;
import static org.dl4jgn.testing.Tolerances.ROUNDING;
import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.dl4jgn.testing.Networks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Cotangents are gradients, and on tangent graphs the transpose: run by SameDiff itself. */
class ReverseModeTest {

    static Stream<RuleCase> all() {
        return RuleCase.all();
    }

    private static SDVariable cotangentLike(RuleCase.Graph g) {
        INDArray like = g.eval(g.y);
        g.values.put("u", Networks.normal(50, 1.0, like.shape()));
        return g.graph.placeHolder("u", DataType.DOUBLE, like.shape());
    }

    private static double dot(INDArray a, INDArray b) {
        return a.mul(b).sumNumber().doubleValue();
    }

    /** ⟨u, Jv⟩ = Σᵢ ⟨(Jᵀu)ᵢ, vᵢ⟩ for the tangent graph with respect to its seeds. */
    @ParameterizedTest
    @MethodSource("all")
    void cotangentsOfTheSeedsAreTheTransposedProduct(RuleCase rule) {
        RuleCase.Graph g = rule.graph();
        ForwardMode forward = new ForwardMode(g.graph);
        for (int i = 0; i < g.inputs.size(); i++) {
            forward.seed(g.inputs.get(i), g.tangents.get(i));
        }
        SDVariable tangent = forward.tangent(g.y).orElseThrow();
        SDVariable u = cotangentLike(g);
        Map<String, SDVariable> cotangents = ReverseMode.cotangents(g.graph, tangent, u, g.tangents);
        double expected = dot(g.values.get("u"), g.eval(tangent));
        double actual = 0;
        for (SDVariable v : g.tangents) {
            INDArray cotangent = g.eval(cotangents.get(v.name()));
            assertEquals(List.of(box(g.values.get(v.name()))), List.of(box(cotangent)), "shape");
            actual += dot(cotangent, g.values.get(v.name()));
        }
        assertClose(expected, actual, ROUNDING, "⟨Jᵀu, v⟩");
    }

    private static String box(INDArray array) {
        return java.util.Arrays.toString(array.shape());
    }

    /** The precise GELU is left out: SameDiff's own gradient of it, which reverse mode uses, is up to 1e-4 off. */
    static Stream<RuleCase> differentiable() {
        return all().filter(c -> !c.name().equals("precise_gelu"));
    }

    /** On the original graph: the gradient of ⟨u, y⟩. */
    @ParameterizedTest
    @MethodSource("differentiable")
    void cotangentsOfTheInputsAreTheGradient(RuleCase rule) {
        RuleCase.Graph g = rule.graph();
        SDVariable u = cotangentLike(g);
        Map<String, SDVariable> cotangents = ReverseMode.cotangents(g.graph, g.y, u, g.inputs);
        for (int i = 0; i < g.inputs.size(); i++) {
            INDArray gradient = g.eval(cotangents.get("x" + i));
            double expected = dot(g.values.get("u"), g.derivative(List.of(i)));
            assertClose(expected, dot(gradient, g.values.get("v" + i)), FINITE_DIFFERENCE, "along input " + i);
        }
    }

    @Test
    void onlyInputsThatTheOutputDependsOnHaveCotangents() {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.placeHolder("x", DataType.DOUBLE, 2, 2);
        SDVariable w = graph.placeHolder("w", DataType.DOUBLE, 2, 2);
        SDVariable y = graph.nn().sigmoid("y", x);
        graph.mmul("other", y, w);
        SDVariable u = graph.placeHolder("u", DataType.DOUBLE, 2, 2);
        Map<String, SDVariable> cotangents = ReverseMode.cotangents(graph, y, u, List.of(x, w));
        assertEquals(Set.of("x"), cotangents.keySet());
        assertSame(u, ReverseMode.cotangents(graph, y, u, List.of(y)).get("y"), "of the output itself");
    }

    @Test
    void branchesThatDoNotLeadToTheInputsAreNotDifferentiated() {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.placeHolder("x", DataType.DOUBLE, 2, 2);
        SDVariable w = graph.placeHolder("w", DataType.DOUBLE, 2, 2);
        SDVariable y = graph.mmul(graph.math().tanh(graph.nn().sigmoid(w)), x);
        SDVariable u = graph.placeHolder("u", DataType.DOUBLE, 2, 2);
        ReverseMode.cotangents(graph, y, u, List.of(x));
        assertEquals(
                List.of("sigmoid", "tanh", "matmul", "matmul_bp"),
                graph.getOps().values().stream().map(op -> op.getOp().opName()).toList());
    }

    @Test
    void innerVariablesMayBeInputs() {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.placeHolder("x", DataType.DOUBLE, 2, 2);
        SDVariable s = graph.nn().sigmoid("s", x);
        SDVariable y = s.mul("y", s);
        SDVariable u = graph.placeHolder("u", DataType.DOUBLE, 2, 2);
        Map<String, SDVariable> cotangents = ReverseMode.cotangents(graph, y, u, List.of(s, x));
        Map<String, INDArray> at = Map.of("x", Networks.normal(1, 1.0, 2, 2), "u", Networks.normal(2, 1.0, 2, 2));
        INDArray value = graph.output(at, "s").get("s");
        INDArray ofS = at.get("u").mul(value).mul(2);
        INDArray ofX = ofS.mul(value).mul(value.rsub(1));
        assertClose(ofS, eval(graph, at, cotangents.get("s")), ROUNDING, "cotangent of s");
        assertClose(ofX, eval(graph, at, cotangents.get("x")), ROUNDING, "cotangent of x");
    }

    private static INDArray eval(SameDiff graph, Map<String, INDArray> at, SDVariable variable) {
        return graph.output(at, variable.name()).get(variable.name());
    }

    @Test
    void refusesAnOperationWithSeveralOutputsByName() {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.placeHolder("x", DataType.DOUBLE, 4, 2);
        SDVariable[] parts = graph.split(x, 2, 0);
        SDVariable y = parts[0].add(parts[1]);
        Exception thrown = assertThrows(
                UnsupportedOperationException.class, () -> ReverseMode.cotangents(graph, y, y, List.of(x)));
        assertTrue(thrown.getMessage().startsWith("Operation 'split'"), thrown.getMessage());
    }
}
