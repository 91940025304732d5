package org.dl4jgn.plan;

import static org.dl4jgn.testing.Networks.dense;
import static org.dl4jgn.testing.Networks.normal;
import static org.dl4jgn.testing.Networks.output;
import static org.dl4jgn.testing.Tolerances.ROUNDING;
import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.autodiff.ForwardMode;
import org.dl4jgn.autodiff.ReverseMode;
import org.dl4jgn.testing.GraphCase;
import org.dl4jgn.testing.Networks;
import org.dl4jgn.testing.PosedNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** A compiled plan computes what SameDiff itself computes, with less work and memory. */
class PlanCompilerTest {

    static Stream<GraphCase> cases() {
        return GraphCase.all();
    }

    /** y, its tangent and the transposed product, each in its stage. */
    @ParameterizedTest
    @MethodSource("cases")
    void computesWhatSameDiffDoes(GraphCase graphCase) {
        GraphCase.Graph g = graphCase.graph();
        ForwardMode forward = new ForwardMode(g.graph);
        for (int i = 0; i < g.inputs.size(); i++) {
            forward.seed(g.inputs.get(i), g.tangents.get(i));
        }
        SDVariable tangent = forward.tangent(g.y).orElseThrow();
        long[] shape = g.eval(g.y).shape();
        SDVariable u = g.graph.placeHolder("u", DataType.DOUBLE, shape);
        g.values.put("u", normal(50, 1.0, shape));
        List<String> names = new ArrayList<>(List.of(g.y.name(), tangent.name()));
        ReverseMode.cotangents(g.graph, tangent, u, g.tangents).values().forEach(c -> names.add(c.name()));

        PlanCompiler compiler = new PlanCompiler(g.graph).forwardOutput(g.y.name());
        g.values.forEach((name, array) -> compiler.input(
                name,
                array,
                switch (name.charAt(0)) {
                    case 'x' -> Stage.FORWARD;
                    case 'v' -> Stage.JVP;
                    default -> Stage.VJP;
                }));
        names.forEach(compiler::output);
        try (ExecutionPlan plan = compiler.compile()) {
            for (int repetition = 0; repetition < 3; repetition++) {
                for (Stage stage : Stage.values()) {
                    plan.run(stage);
                    plan.run(stage);
                }
                Map<String, INDArray> expected = g.graph.output(g.values, names);
                names.forEach(n -> assertClose(expected.get(n), plan.output(n), ROUNDING, n));
                g.values.values().forEach(a -> a.muli(-0.9));
            }
        }
    }

    /** An operation writes the outputs that nothing reads too, beside the one that is wanted. */
    @Test
    void outputsThatNothingReadsHaveMemoryOfTheirOwn() {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.placeHolder("x", DataType.DOUBLE, 3, 4);
        INDArray values = normal(1, 1.0, 3, 4);
        for (int column = 0; column < 4; column++) {
            SDVariable part = graph.unstack(x, 1, 4)[column];
            PlanCompiler compiler = new PlanCompiler(graph)
                    .input("x", values, Stage.FORWARD)
                    .output(part.mul(2.0).rename("y" + column).name());
            try (ExecutionPlan plan = compiler.compile()) {
                // threads write the outputs in an order of chance
                for (int repetition = 0; repetition < 100; repetition++) {
                    plan.run(Stage.FORWARD);
                    plan.run(Stage.LINEARIZE);
                    assertEquals(values.getColumn(column).mul(2.0), plan.output("y" + column));
                }
            }
        }
    }

    // ---- random graphs ----------------------------------------------------------------------------------------------

    /** Random operations on 4 × 4 matrices, whose inputs change in different stages, some results being outputs. */
    private static final class RandomGraph {

        final SameDiff graph = SameDiff.create();
        final Map<String, INDArray> values = new HashMap<>();
        final Map<Stage, String> inputs = new EnumMap<>(Stage.class);
        final List<String> outputs = new ArrayList<>();

        RandomGraph(int seed) {
            Random random = new Random(seed);
            List<SDVariable> all = new ArrayList<>();
            for (Stage stage : List.of(Stage.FORWARD, Stage.JVP, Stage.VJP)) {
                all.add(graph.placeHolder(stage.name(), DataType.DOUBLE, 4, 4));
                inputs.put(stage, stage.name());
                values.put(stage.name(), normal(seed + stage.ordinal(), 1.0, 4, 4));
            }
            for (int i = 0; i < 30; i++) {
                // late variables more often, for long lives and deep graphs alike
                SDVariable a = all.get((int) (all.size() * Math.sqrt(random.nextDouble())));
                SDVariable b = all.get(random.nextInt(all.size()));
                all.add(operation(random.nextInt(12), a, b));
            }
            for (SDVariable variable : all.subList(3, all.size())) {
                if (random.nextInt(6) == 0) {
                    outputs.add(variable.name());
                }
            }
            outputs.add(all.get(all.size() - 1).name());
        }

        private SDVariable operation(int kind, SDVariable a, SDVariable b) {
            return switch (kind) {
                case 0 -> a.add(b);
                case 1 -> a.sub(b);
                case 2 -> graph.math().tanh(a.mul(b));
                case 3 -> graph.math().tanh(graph.mmul(a, b));
                case 4 -> graph.nn().sigmoid(a);
                case 5 -> graph.nn().softmax(a);
                case 6 -> graph.nn().relu(a, 0);
                case 7 -> a.rsub(1.0);
                case 8 -> a.neg();
                case 9 -> graph.identity(a);
                case 10 -> graph.onesLike(a).mul(b);
                default -> graph.math().step(a, 0.1);
            };
        }
    }

    static IntStream seeds() {
        return IntStream.range(0, 25);
    }

    /** Buffers are shared and overwritten, but never while a value is still needed, in whatever order stages repeat. */
    @ParameterizedTest
    @MethodSource("seeds")
    void randomGraphsAreComputedAsBySameDiff(int seed) {
        RandomGraph g = new RandomGraph(seed);
        PlanCompiler compiler = new PlanCompiler(g.graph);
        g.inputs.forEach((stage, name) -> compiler.input(name, g.values.get(name), stage));
        g.outputs.forEach(compiler::output);
        Random random = new Random(seed);
        try (ExecutionPlan plan = compiler.compile()) {
            Stage changed = Stage.FORWARD;
            for (int repetition = 0; repetition < 6; repetition++) {
                for (Stage stage : Stage.values()) {
                    if (stage.compareTo(changed) >= 0) {
                        plan.run(stage);
                    }
                }
                Map<String, INDArray> expected = g.graph.output(g.values, g.outputs);
                g.outputs.forEach(n -> assertClose(expected.get(n), plan.output(n), ROUNDING, n));
                changed = List.of(Stage.FORWARD, Stage.JVP, Stage.VJP).get(random.nextInt(3));
                g.values.get(g.inputs.get(changed)).assign(normal(1000 + repetition, 1.0, 4, 4));
            }
        }
    }

    // ---- work -------------------------------------------------------------------------------------------------------

    private static PosedNetwork threeLayers(int batch) {
        MultiLayerNetwork net = Networks.of(
                DataType.DOUBLE,
                dense(5, 7, Activation.TANH),
                dense(7, 6, Activation.SIGMOID),
                output(6, 3, Activation.IDENTITY, new LossMSE()));
        return new PosedNetwork(net, normal(1, 1.0, batch, 5), normal(2, 1.0, batch, 3));
    }

    private static long count(ExecutionPlan plan, Stage stage, String op) {
        return plan.program(stage).opNames().stream().filter(op::equals).count();
    }

    /**
     * No product of the features alone; three forward; for Jv one for the input and two for each further layer; for Jᵀu one for each weight matrix
     * and bias and one for each step back.
     */
    @Test
    void perceptronNeedsNoProductTooMany() {
        try (PosedNetwork at = threeLayers(9)) {
            ExecutionPlan plan = at.problem().executionPlan();
            assertEquals(
                    List.of(0L, 3L, 0L, 5L, 8L),
                    Stream.of(Stage.values()).map(s -> count(plan, s, "matmul")).toList());
            for (Stage stage : Stage.values()) {
                assertTrue(
                        plan.program(stage).opNames().stream().noneMatch(op -> op.endsWith("_bp")),
                        plan.program(stage).opNames().toString());
            }
        }
    }

    /** Beside its matrix products, Jv adds the bias's tangent once a layer, and multiplies by σ′ once. */
    @Test
    void derivativesOfActivationsAreComputedOnceAPoint() {
        try (PosedNetwork at = threeLayers(9)) {
            ExecutionPlan plan = at.problem().executionPlan();
            assertEquals(2, count(plan, Stage.JVP, "multiply"));
            assertEquals(2, count(plan, Stage.VJP, "multiply"));
            assertEquals(0, count(plan, Stage.JVP, "tanh") + count(plan, Stage.JVP, "sigmoid"));
            assertEquals(1, count(plan, Stage.FORWARD, "tanh"));
            assertEquals(1, count(plan, Stage.FORWARD, "sigmoid"));
            assertTrue(plan.program(Stage.LINEARIZE).size() > 0);
        }
    }

    @Test
    void whatNoOutputNeedsIsNotComputed() {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.placeHolder("x", DataType.DOUBLE, 3, 3);
        SDVariable s = graph.nn().sigmoid("s", x);
        graph.mmul("unused", s, s);
        SDVariable y = graph.math().tanh("y", s);
        graph.math().tanh("also unused", y);
        try (ExecutionPlan plan = new PlanCompiler(graph)
                .input("x", normal(1, 1.0, 3, 3), Stage.FORWARD)
                .forwardOutput("y")
                .compile()) {
            assertEquals(List.of("sigmoid", "tanh"), plan.program(Stage.FORWARD).opNames());
        }
    }

    @Test
    void productsWithOnesAreFree() {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.placeHolder("x", DataType.DOUBLE, 3, 3);
        SDVariable one = graph.placeHolder("one", DataType.DOUBLE, 3, 3);
        graph.nn().sigmoid(x).mul(one).mul("y", graph.onesLike(x));
        INDArray array = normal(1, 1.0, 3, 3);
        try (ExecutionPlan plan = new PlanCompiler(graph)
                .input("x", array, Stage.FORWARD)
                .onesInput("one", array)
                .forwardOutput("y")
                .compile()) {
            plan.run(Stage.FORWARD);
            assertEquals(List.of("sigmoid"), plan.program(Stage.FORWARD).opNames());
            assertClose(
                    graph.output(Map.of("x", array, "one", Nd4j.ones(DataType.DOUBLE, 3, 3)), "y")
                            .get("y"),
                    plan.output("y"),
                    ROUNDING,
                    "y");
        }
    }

    // ---- memory -----------------------------------------------------------------------------------------------------

    @Test
    void chainOfElementwiseOperationsWorksInPlace() {
        SameDiff graph = SameDiff.create();
        SDVariable a = graph.placeHolder("x", DataType.DOUBLE, 100, 100);
        for (int i = 0; i < 20; i++) {
            a = i % 2 == 0 ? graph.math().tanh(a) : graph.nn().sigmoid(a);
        }
        String last = graph.nn().softplus("last", a).name();
        INDArray x = normal(1, 1.0, 100, 100);
        INDArray copy = x.dup();
        try (ExecutionPlan plan = new PlanCompiler(graph)
                .input("x", x, Stage.FORWARD)
                .output(last)
                .compile()) {
            plan.run(Stage.LINEARIZE);
            plan.run(Stage.FORWARD);
            assertTrue(plan.bytes() <= 2 * 100 * 100 * 8, "at most the chain's buffer and the output: " + plan.bytes());
            assertEquals(copy, x, "inputs are not overwritten");
        }
    }

    /** Each layer's tangent may take the place of the tangent before the last; values for all layers are kept. */
    @Test
    void tangentsShareTheirBuffers() {
        int b = 50;
        int layers = 12;
        var confs = new org.deeplearning4j.nn.conf.layers.Layer[layers];
        for (int i = 0; i < layers - 1; i++) {
            confs[i] = dense(10, 10, Activation.TANH);
        }
        confs[layers - 1] = output(10, 10, Activation.IDENTITY, new LossMSE());
        try (PosedNetwork at =
                new PosedNetwork(Networks.of(DataType.DOUBLE, confs), normal(1, 1.0, b, 10), normal(2, 1.0, b, 10))) {
            long matrix = b * 10 * 8;
            ExecutionPlan plan = at.problem().executionPlan();
            int values = Stream.of(Stage.values())
                    .mapToInt(s -> plan.program(s).size())
                    .sum();
            assertTrue(values > 80, "as many results as instructions: " + values);
            // two kept a layer, the output and σ′, and a handful of others
            assertTrue(plan.bytes() <= (2 * layers + 6) * matrix, plan.bytes() / matrix + " matrices");
        }
    }

    // ---- outputs ----------------------------------------------------------------------------------------------------

    @Test
    void outputsAreWrittenWhereTheyAreWanted() {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.placeHolder("x", DataType.DOUBLE, 2, 3);
        SDVariable y = graph.nn().sigmoid("y", x);
        graph.identity("same", y);
        graph.identity("input itself", x);
        graph.onesLike("ones", x);
        INDArray flat = Nd4j.zeros(DataType.DOUBLE, 30);
        INDArray array = normal(1, 1.0, 2, 3);
        PlanCompiler compiler = new PlanCompiler(graph).input("x", array, Stage.FORWARD);
        List<String> names = List.of("y", "same", "input itself", "ones");
        for (int i = 0; i < names.size(); i++) {
            compiler.output(
                    names.get(i),
                    flat.get(NDArrayIndex.interval(6 * i + 3, 6 * i + 9)).reshape('c', 2, 3));
        }
        try (ExecutionPlan plan = compiler.compile()) {
            for (Stage stage : Stage.values()) {
                plan.run(stage);
            }
            Map<String, INDArray> expected = graph.output(Map.of("x", array), names);
            for (int i = 0; i < names.size(); i++) {
                INDArray part = flat.get(NDArrayIndex.interval(6 * i + 3, 6 * i + 9));
                assertClose(expected.get(names.get(i)).reshape(6), part, ROUNDING, names.get(i));
            }
            assertEquals(0.0, flat.get(NDArrayIndex.interval(0, 3)).sumNumber().doubleValue());
            assertEquals(
                    0.0, flat.get(NDArrayIndex.interval(27, 30)).sumNumber().doubleValue());
        }
    }

    @Test
    void outputMayBeAnInputOrAConstant() {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.placeHolder("x", DataType.DOUBLE, 2, 3);
        graph.identity("same", x);
        graph.onesLike("ones", x);
        graph.constant("constant", normal(3, 1.0, 2, 2));
        INDArray array = normal(1, 1.0, 2, 3);
        try (ExecutionPlan plan = new PlanCompiler(graph)
                .input("x", array, Stage.FORWARD)
                .output("same")
                .output("ones")
                .output("constant")
                .compile()) {
            assertEquals(array, plan.output("same"));
            assertEquals(Nd4j.ones(DataType.DOUBLE, 2, 3), plan.output("ones"));
            assertEquals(normal(3, 1.0, 2, 2), plan.output("constant"));
            INDArray other = normal(4, 1.0, 2, 3);
            plan.bind("x", other);
            assertEquals(other, plan.output("same"), "after binding another array");
        }
    }

    // ---- binding ----------------------------------------------------------------------------------------------------

    private static ExecutionPlan sigmoidTimes() {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.placeHolder("x", DataType.DOUBLE, 2, 3);
        SDVariable w = graph.placeHolder("w", DataType.DOUBLE, 3, 2);
        graph.mmul("y", graph.nn().sigmoid(x).sub(graph.math().step(x, 0.0)).mul(x), w);
        return new PlanCompiler(graph)
                .input("x", normal(1, 1.0, 2, 3), Stage.FORWARD)
                .input("w", normal(2, 1.0, 3, 2), Stage.FORWARD)
                .forwardOutput("y")
                .compile();
    }

    @Test
    void readsTheArrayThatIsBound() {
        try (ExecutionPlan plan = sigmoidTimes();
                ExecutionPlan reference = sigmoidTimes()) {
            plan.run(Stage.FORWARD);
            reference.run(Stage.FORWARD);
            INDArray first = plan.output("y").dup();
            assertEquals(reference.output("y"), first);
            INDArray other = normal(1, 1.0, 2, 3).mul(2);
            plan.bind("x", other);
            plan.run(Stage.FORWARD);
            assertFalse(first.equals(plan.output("y")));
            other.assign(normal(1, 1.0, 2, 3));
            plan.run(Stage.FORWARD);
            assertEquals(first, plan.output("y"), "without a copy");
            plan.bind("x", other);
            plan.bind("x", normal(1, 1.0, 2, 3));
            plan.run(Stage.FORWARD);
            assertEquals(first, plan.output("y"));
        }
    }

    static Stream<INDArray> unsuitable() {
        INDArray more = normal(1, 1.0, 6, 3);
        return Stream.of(
                normal(1, 1.0, 3, 2),
                normal(1, 1.0, 6),
                normal(1, 1.0, 2, 3).castTo(DataType.FLOAT),
                normal(1, 1.0, 2, 3).dup('f'),
                more.get(NDArrayIndex.interval(0, 2), NDArrayIndex.all()),
                more.get(NDArrayIndex.interval(2, 4), NDArrayIndex.all()));
    }

    @ParameterizedTest
    @MethodSource("unsuitable")
    void refusesToBindAnotherLayout(INDArray array) {
        try (ExecutionPlan plan = sigmoidTimes()) {
            assertFails(
                    IllegalArgumentException.class,
                    "Input 'x' must be a dense c-order array of type DOUBLE and shape [2, 3]; got ",
                    () -> plan.bind("x", array));
            plan.run(Stage.FORWARD);
            try (ExecutionPlan reference = sigmoidTimes()) {
                reference.run(Stage.FORWARD);
                assertEquals(reference.output("y"), plan.output("y"), "still bound to what it was");
            }
        }
    }

    @Test
    void namesItsInputsAndOutputsWhenAskedForOthers() {
        try (ExecutionPlan plan = sigmoidTimes()) {
            INDArray array = normal(1, 1.0, 2, 3);
            assertFails(
                    IllegalArgumentException.class,
                    "'z' is no input of this plan; inputs are [x, w]",
                    () -> plan.bind("z", array));
            assertFails(
                    IllegalArgumentException.class,
                    "'x' is no output of this plan; outputs are [y]",
                    () -> plan.output("x"));
        }
    }

    @Test
    void closingFreesItsBuffersOnly() {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.placeHolder("x", DataType.DOUBLE, 2, 3);
        graph.nn().sigmoid("y", x);
        graph.math().tanh("z", x);
        INDArray array = normal(1, 1.0, 2, 3);
        INDArray z = Nd4j.create(DataType.DOUBLE, 2, 3);
        ExecutionPlan plan = new PlanCompiler(graph)
                .input("x", array, Stage.FORWARD)
                .forwardOutput("y")
                .output("z", z)
                .compile();
        INDArray y = plan.output("y");
        plan.close();
        assertTrue(y.wasClosed());
        assertFalse(array.wasClosed() || z.wasClosed());
        assertDoesNotThrow(plan::close, "again");
    }

    // ---- refusals ---------------------------------------------------------------------------------------------------

    @Test
    void saysWhichInputIsMissing() {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.placeHolder("x", DataType.DOUBLE, 2, 2);
        SDVariable w = graph.placeHolder("w", DataType.DOUBLE, 2, 2);
        graph.mmul("y", x, w);
        PlanCompiler compiler = new PlanCompiler(graph)
                .input("x", normal(1, 1.0, 2, 2), Stage.FORWARD)
                .output("y");
        assertFails(IllegalStateException.class, "The graph's input 'w' was not given", compiler::compile);
    }

    @Test
    void refusesAnOlderOperationThatIsNotElementwise() {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.placeHolder("x", DataType.DOUBLE, 2, 2);
        graph.math().entropy("disorder", x, 1);
        PlanCompiler compiler = new PlanCompiler(graph)
                .input("x", normal(1, 1.0, 2, 2), Stage.FORWARD)
                .output("disorder");
        assertFails(
                UnsupportedOperationException.class,
                "Operation 'entropy' (output 'disorder', of type REDUCE_FLOAT) cannot be compiled",
                compiler::compile);
    }

    private static void assertFails(Class<? extends Exception> type, String message, Runnable call) {
        Exception thrown = assertThrows(type, call::run);
        assertTrue(thrown.getMessage().startsWith(message), thrown.getMessage());
    }
}
