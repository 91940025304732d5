package org.dl4jgn.autodiff;

import static org.dl4jgn.testing.Networks.normal;
import static org.dl4jgn.testing.Tolerances.FINITE_DIFFERENCE;
import static org.dl4jgn.testing.Tolerances.ROUNDING;
import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.dl4jgn.plan.ExecutionPlan;
import org.dl4jgn.plan.PlanCompiler;
import org.dl4jgn.plan.Stage;
import org.dl4jgn.testing.GraphCase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.custom.Digamma;
import org.nd4j.linalg.api.ops.custom.Lgamma;

/**
 * How a user adds a tangent rule, for an operation that this library has none for (lgamma): products with J and with Jᵀ follow,
 * run by SameDiff or by a compiled plan.
 */
class RegisteredTangentRuleTest {

    /** y = ln Γ(x): ẏ = ψ(x) ∘ ẋ. */
    private static final TangentRule LOG_GAMMA =
            (graph, op, in, y, tangents) -> tangents.get(0).mul(new Digamma(graph, in.get(0)).outputVariable());

    private static final TangentRule ANOTHER = (graph, op, in, y, tangents) -> tangents.get(0);

    @AfterEach
    void removeRules() {
        TangentRules.unregister("lgamma");
    }

    private static GraphCase graphCase(String name) {
        return new GraphCase(
                name,
                (g, x) -> {
                    SDVariable product = g.mmul(x.get(0), x.get(1));
                    SDVariable positive = g.math().square(product).add(0.5);
                    SDVariable f = new Lgamma(g, positive).outputVariable();
                    return g.mmul(g.math().tanh(f), x.get(1));
                },
                new long[] {3, 4},
                new long[] {4, 4});
    }

    @ParameterizedTest
    @ValueSource(strings = "lgamma")
    void givesBothProducts(String op) {
        GraphCase.Graph g = graphCase(op).graph();
        ForwardMode forward = new ForwardMode(g.graph);
        for (int i = 0; i < g.inputs.size(); i++) {
            forward.seed(g.inputs.get(i), g.tangents.get(i));
        }
        Exception before = assertThrows(UnsupportedOperationException.class, () -> forward.tangent(g.y));
        assertTrue(before.getMessage().startsWith("Operation '" + op + "'"), before.getMessage());
        assertTrue(before.getMessage().endsWith("TangentRules.register takes further ones"), before.getMessage());

        TangentRules.register(op, LOG_GAMMA);
        SDVariable tangent = forward.tangent(g.y).orElseThrow();
        INDArray jv = g.eval(tangent);
        assertClose(g.derivative(List.of(0, 1)), jv, FINITE_DIFFERENCE, "Jv by differences");

        SDVariable u = g.graph.placeHolder("u", DataType.DOUBLE, 3, 4);
        g.values.put("u", normal(50, 1.0, 3, 4));
        Map<String, SDVariable> cotangents = ReverseMode.cotangents(g.graph, tangent, u, g.tangents);
        double vjp = 0;
        for (SDVariable v : g.tangents) {
            vjp += dot(g.eval(cotangents.get(v.name())), g.values.get(v.name()));
        }
        assertClose(dot(g.values.get("u"), jv), vjp, ROUNDING, "⟨u, Jv⟩ = ⟨Jᵀu, v⟩");

        PlanCompiler compiler = new PlanCompiler(g.graph).output(tangent.name());
        g.values.forEach((name, array) -> compiler.input(name, array, Stage.FORWARD));
        cotangents.values().forEach(c -> compiler.output(c.name()));
        try (ExecutionPlan plan = compiler.compile()) {
            List.of(Stage.values()).forEach(plan::run);
            assertClose(jv, plan.output(tangent.name()), ROUNDING, "Jv of a plan");
            for (SDVariable c : cotangents.values()) {
                assertClose(g.eval(c), plan.output(c.name()), ROUNDING, "Jᵀu of a plan");
            }
        }
    }

    private static double dot(INDArray a, INDArray b) {
        return a.mul(b).sumNumber().doubleValue();
    }

    @Test
    void refusesToReplaceARule() {
        assertFails(
                "Operation 'tanh' has a tangent rule of this library, which cannot be replaced",
                () -> TangentRules.register("tanh", LOG_GAMMA));
        TangentRules.register("lgamma", LOG_GAMMA);
        assertTrue(TangentRules.names().contains("lgamma"));
        assertFails(
                "Operation 'lgamma' has a tangent rule already; remove it by TangentRules.unregister first",
                () -> TangentRules.register("lgamma", ANOTHER));
        assertFails("The name of an operation was blank", () -> TangentRules.register(" ", LOG_GAMMA));
        SameDiff graph = SameDiff.create();
        SDVariable y = new Lgamma(graph, graph.placeHolder("x", DataType.DOUBLE, 2, 2)).outputVariable();
        assertEquals(
                LOG_GAMMA,
                TangentRules.of(graph.getVariableOutputOp(y.name())).orElseThrow(),
                "the rule is the first that was registered");
    }

    @Test
    void removesRegisteredRulesOnly() {
        Set<String> before = TangentRules.names();
        assertFalse(TangentRules.unregister("lgamma"));
        TangentRules.register("lgamma", LOG_GAMMA);
        assertTrue(TangentRules.unregister("lgamma"));
        assertEquals(before, TangentRules.names());
        assertFails("The tangent rule of operation 'tanh' is this library's", () -> TangentRules.unregister("tanh"));
        assertEquals(before, TangentRules.names());
    }

    /** Of several that register for one operation at once, one succeeds. */
    @Test
    void oneOfSeveralThreadsRegisters() throws Exception {
        int threads = 8;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            for (int round = 0; round < 50; round++) {
                CountDownLatch together = new CountDownLatch(threads);
                List<Future<Boolean>> registered = IntStream.range(0, threads)
                        .mapToObj(i -> pool.submit(() -> {
                            together.countDown();
                            together.await();
                            try {
                                TangentRules.register("lgamma", (graph, op, in, y, t) -> in.get(0));
                                return true;
                            } catch (IllegalArgumentException e) {
                                return false;
                            }
                        }))
                        .toList();
                int successes = 0;
                for (Future<Boolean> one : registered) {
                    successes += one.get() ? 1 : 0;
                }
                assertEquals(1, successes);
                assertTrue(TangentRules.unregister("lgamma"));
            }
        } finally {
            pool.shutdown();
        }
    }

    /** The groups do not take each other's places. */
    @Test
    void everyBuiltInRuleIsInOneGroup() {
        List<Map<String, TangentRule>> groups = List.of(
                ArithmeticTangents.rules(),
                ActivationTangents.rules(),
                ElementwiseTangents.rules(),
                LinearTangents.rules(),
                ReductionTangents.rules(),
                PoolingTangents.rules(),
                NormTangents.rules(),
                AttentionTangents.rules(),
                IndexedTangents.rules(),
                MatrixTangents.rules());
        Set<String> all = new HashSet<>();
        groups.forEach(group -> all.addAll(group.keySet()));
        assertEquals(all.size(), groups.stream().mapToInt(Map::size).sum());
        assertEquals(all, TangentRules.names());
    }

    private static void assertFails(String message, Runnable call) {
        Exception thrown = assertThrows(IllegalArgumentException.class, call::run);
        assertTrue(thrown.getMessage().startsWith(message), thrown.getMessage());
    }
}
