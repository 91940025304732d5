package org.dl4jgn.autodiff;

import static org.dl4jgn.testing.Tolerances.FINITE_DIFFERENCE;
import static org.dl4jgn.testing.Tolerances.ROUNDING;
import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.dl4jgn.testing.GraphCase;
import org.dl4jgn.testing.Networks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.custom.Lgamma;

/** Tangents are directional derivatives: on SameDiff graphs, run by SameDiff itself. */
class ForwardModeTest {

    static Stream<GraphCase> all() {
        return GraphCase.all();
    }

    /** Along each single input, the others constant, and along all of them. */
    @ParameterizedTest
    @MethodSource("all")
    void tangentIsTheDirectionalDerivative(GraphCase rule) {
        GraphCase.Graph g = rule.graph();
        List<List<Integer>> choices = new ArrayList<>();
        List<Integer> every = new ArrayList<>();
        for (int i = 0; i < g.inputs.size(); i++) {
            choices.add(List.of(i));
            every.add(i);
        }
        choices.add(every);
        for (List<Integer> along : choices) {
            ForwardMode forward = new ForwardMode(g.graph);
            along.forEach(i -> forward.seed(g.inputs.get(i), g.tangents.get(i)));
            SDVariable tangent = forward.tangent(g.y).orElseThrow();
            assertClose(g.derivative(along), g.eval(tangent), FINITE_DIFFERENCE, "along " + along);
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void tangentIsLinearInTheSeeds(GraphCase rule) {
        GraphCase.Graph g = rule.graph();
        ForwardMode forward = new ForwardMode(g.graph);
        for (int i = 0; i < g.inputs.size(); i++) {
            forward.seed(g.inputs.get(i), g.tangents.get(i));
        }
        SDVariable tangent = forward.tangent(g.y).orElseThrow();
        Map<String, INDArray> other = new HashMap<>(g.values);
        Map<String, INDArray> combined = new HashMap<>(g.values);
        for (SDVariable v : g.tangents) {
            INDArray w = Networks.normal(40, 1.0, g.values.get(v.name()).shape());
            other.put(v.name(), w);
            combined.put(v.name(), g.values.get(v.name()).mul(2).sub(w));
        }
        INDArray expected = g.eval(tangent).mul(2).sub(g.eval(tangent, other));
        assertClose(expected, g.eval(tangent, combined), ROUNDING, "tangent of 2v − w");
    }

    @Test
    void whatDependsOnNoSeedHasNoTangent() {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.placeHolder("x", DataType.DOUBLE, 2, 2);
        SDVariable c = graph.constant(Networks.normal(1, 1.0, 2, 2));
        SDVariable v = graph.placeHolder("v", DataType.DOUBLE, 2, 2);
        SDVariable constant = new Lgamma(graph, graph.nn().sigmoid(c)).outputVariable();
        SDVariable y = x.mul(constant);
        ForwardMode forward = new ForwardMode(graph).seed(x, v);
        assertEquals(Optional.empty(), forward.tangent(c));
        assertEquals(Optional.empty(), forward.tangent(constant), "an operation without rule, on constants");
        assertSame(v, forward.tangent(x).orElseThrow());
        INDArray direction = Networks.normal(2, 1.0, 2, 2);
        Map<String, INDArray> at = Map.of("x", Networks.normal(3, 1.0, 2, 2), "v", direction);
        SDVariable tangent = forward.tangent(y).orElseThrow();
        assertClose(
                direction.mul(graph.output(at, constant.name()).get(constant.name())),
                graph.output(at, tangent.name()).get(tangent.name()),
                ROUNDING,
                "tangent");
    }

    @Test
    void valuesAreSharedAndComputedOnce() {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.placeHolder("x", DataType.DOUBLE, 2, 2);
        SDVariable v = graph.placeHolder("v", DataType.DOUBLE, 2, 2);
        SDVariable s = graph.nn().sigmoid(x);
        SDVariable y = s.mul(s).add(graph.math().tanh(s));
        ForwardMode forward = new ForwardMode(graph).seed(x, v);
        SDVariable tangent = forward.tangent(y).orElseThrow();
        assertEquals(1, count(graph, "sigmoid"));
        assertEquals(1, count(graph, "tanh"));
        int ops = graph.getOps().size();
        assertSame(tangent, forward.tangent(y).orElseThrow(), "asked again");
        forward.tangent(s);
        assertEquals(ops, graph.getOps().size());
    }

    private static long count(SameDiff graph, String opName) {
        return graph.getOps().values().stream()
                .filter(op -> op.getOp().opName().equals(opName))
                .count();
    }

    @Test
    void seedsMayBeAddedLater() {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.placeHolder("x", DataType.DOUBLE, 2, 2);
        SDVariable w = graph.placeHolder("w", DataType.DOUBLE, 2, 2);
        SDVariable y = graph.mmul(x, w);
        ForwardMode forward = new ForwardMode(graph);
        assertEquals(Optional.empty(), forward.tangent(y));
        forward.seed(x, x).tangent(y);
        SDVariable tangent = forward.seed(w, w).tangent(y).orElseThrow();
        Map<String, INDArray> at = Map.of("x", Networks.normal(1, 1.0, 2, 2), "w", Networks.normal(2, 1.0, 2, 2));
        INDArray twice = graph.output(at, y.name()).get(y.name()).mul(2);
        assertClose(twice, graph.output(at, tangent.name()).get(tangent.name()), ROUNDING, "tangent along (x, w)");
    }

    // ---- refusals ---------------------------------------------------------------------------------------------------

    @Test
    void refusesAnOperationWithoutRuleByName() {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.placeHolder("x", DataType.DOUBLE, 2, 2);
        SDVariable y = graph.nn().sigmoid(new Lgamma(graph, x).outputVariable().rename("bell"));
        assertRefused(
                graph, x, y, "Operation 'lgamma' (output 'bell') has no tangent rule; operations with one are [Clip");
    }

    @Test
    void refusesARectifierWithACutoff() {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.placeHolder("x", DataType.DOUBLE, 2, 2);
        SDVariable y = graph.nn().relu("shifted", x, -0.5);
        assertRefused(graph, x, y, "relu 'shifted' has the cutoff -0.5");
    }

    private static void assertRefused(SameDiff graph, SDVariable x, SDVariable y, String message) {
        ForwardMode forward = new ForwardMode(graph).seed(x, x);
        Exception thrown = assertThrows(UnsupportedOperationException.class, () -> forward.tangent(y));
        assertTrue(thrown.getMessage().startsWith(message), thrown.getMessage());
    }
}
