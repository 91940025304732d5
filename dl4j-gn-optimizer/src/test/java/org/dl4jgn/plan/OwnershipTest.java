package org.dl4jgn.plan;

import static org.dl4jgn.testing.Networks.normal;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.dl4jgn.autodiff.ForwardMode;
import org.dl4jgn.autodiff.ReverseMode;
import org.dl4jgn.linalg.HostMemory;
import org.dl4jgn.ops.IndexMap;
import org.dl4jgn.ops.Pick;
import org.dl4jgn.ops.Scatter;
import org.dl4jgn.ops.WindowMaximum;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.Deallocatable;
import org.nd4j.linalg.api.memory.Deallocator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Whatever native memory a plan takes it gives back when it is closed, counted by ND4J: bytes of arrays now alive in the
 * process.
 */
class OwnershipTest {

    private static final int PLANS = 40;

    /** A small convolution with pooling and all else that plans need memory for beside values, in float. */
    private static final class Example {

        final SameDiff graph = SameDiff.create();
        final Map<String, INDArray> values = new LinkedHashMap<>();
        final List<String> outputs = new ArrayList<>();

        Example() {
            SDVariable x = input("x", 2, 4);
            SDVariable w = input("w", 2, 3);
            SDVariable b = input("b", 3);
            SDVariable v = input("v", 2, 3);
            IndexMap patches = IndexMap.of(new int[] {IndexMap.NONE, 0, 0, 1, 1, 2, 2, 3}, 4);
            SDVariable rows = Pick.of(graph, x, patches, new long[] {2, 4}, 8, 2);
            SDVariable a = graph.nn().sigmoid(graph.nn().biasAdd(graph.mmul(rows, w), b, false));
            IndexMap windows = IndexMap.of(new int[] {0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11, 3, 6, 9, 0}, 12);
            SDVariable m = WindowMaximum.of(graph, a.mul(0.7), windows, new long[] {2, 12}, 2, 4);
            SDVariable y = Scatter.of(
                    graph,
                    graph.nn().relu(m, 0.0).mul(m),
                    IndexMap.of(new int[] {0, 0, 1, 1}, 2),
                    new long[] {2, 4},
                    2,
                    2);
            SDVariable tangent = new ForwardMode(graph).seed(w, v).tangent(y).orElseThrow();
            SDVariable u = input("u", 2, 2);
            outputs.addAll(List.of(y.name(), tangent.name()));
            ReverseMode.cotangents(graph, tangent, u, List.of(v)).values().forEach(c -> outputs.add(c.name()));
        }

        private SDVariable input(String name, long... shape) {
            values.put(name, normal(values.size(), 1.0, shape).castTo(DataType.FLOAT));
            return graph.placeHolder(name, DataType.FLOAT, shape);
        }

        ExecutionPlan compile() {
            PlanCompiler compiler = new PlanCompiler(graph);
            values.forEach((name, array) -> compiler.input(
                    name,
                    array,
                    switch (name) {
                        case "v" -> Stage.JVP;
                        case "u" -> Stage.VJP;
                        default -> Stage.FORWARD;
                    }));
            outputs.forEach(compiler::output);
            return compiler.compile();
        }
    }

    private static long bytesAlive() {
        return Nd4j.getEnvironment().getDeviceCouner(0);
    }

    private static void runAll(ExecutionPlan plan) {
        for (Stage stage : Stage.values()) {
            plan.run(stage);
        }
    }

    private static List<Instruction> instructions(ExecutionPlan plan) {
        return Stream.of(Stage.values())
                .flatMap(s -> plan.program(s).instructions().stream())
                .toList();
    }

    private static <T> T withKernels(boolean host, Supplier<T> work) {
        if (host) {
            return work.get();
        }
        HostMemory.Hidden hidden = HostMemory.hide();
        try {
            return work.get();
        } finally {
            hidden.close();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aClosedPlanLeavesNoArrays(boolean host) {
        Example example = new Example();
        withKernels(host, example::compile).close();
        long before = bytesAlive();
        for (int i = 0; i < PLANS; i++) {
            try (ExecutionPlan plan = withKernels(host, example::compile)) {
                runAll(plan);
            }
        }
        long after = bytesAlive();
        assertTrue(after <= before, PLANS + " plans left " + (after - before) + " bytes");
        assertTrue(example.values.values().stream().noneMatch(INDArray::wasClosed), "what it was given");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void bytesAreThoseThatClosingFrees(boolean host) {
        Example example = new Example();
        long bytes = 0;
        // what the collector frees meanwhile, of other tests, comes on top: so the least of several
        long freed = Long.MAX_VALUE;
        for (int i = 0; i < PLANS; i++) {
            ExecutionPlan plan = withKernels(host, example::compile);
            bytes = plan.bytes();
            long before = bytesAlive();
            plan.close();
            freed = Math.min(freed, before - bytesAlive());
        }
        assertEquals(bytes, freed);
    }

    @Test
    void aPlanThatCannotBeCompiledLeavesNoArrays() {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.placeHolder("x", DataType.INT16, 50, 50);
        SDVariable y = Pick.of(graph, x, IndexMap.identity(50), new long[] {50, 50}, 50, 50);
        INDArray array = Nd4j.zeros(DataType.INT16, 50, 50);
        long before = bytesAlive();
        PlanCompiler compiler =
                new PlanCompiler(graph).input("x", array, Stage.FORWARD).output(y.name());
        Exception thrown = assertThrows(IllegalArgumentException.class, compiler::compile);
        assertEquals("Arrays of type SHORT are not used by plans", thrown.getMessage());
        assertTrue(bytesAlive() <= before, bytesAlive() - before + " bytes");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void runningAllocatesNothing(boolean host) {
        Example example = new Example();
        try (ExecutionPlan plan = withKernels(host, example::compile)) {
            runAll(plan);
            long before = bytesAlive();
            for (int i = 0; i < 20; i++) {
                runAll(plan);
            }
            assertTrue(bytesAlive() <= before, bytesAlive() - before + " bytes");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void closingDeletesEveryNativeCall(boolean host) {
        ExecutionPlan plan = withKernels(host, new Example()::compile);
        List<Program> parts = Stream.of(Stage.values())
                .map(s -> plan.program(s).only("matmul"))
                .toList();
        List<PreparedCall> calls = instructions(plan).stream()
                .filter(PreparedCall.class::isInstance)
                .map(PreparedCall.class::cast)
                .toList();
        assertTrue(calls.size() > 5);
        parts.forEach(Program::close);
        assertTrue(calls.stream().noneMatch(PreparedCall::isDeleted), "a part does not own its calls");
        runAll(plan);
        plan.close();
        assertTrue(calls.stream().allMatch(PreparedCall::isDeleted));
        assertDoesNotThrow(plan::close, "again");
        Exception thrown = assertThrows(IllegalStateException.class, () -> runAll(plan));
        assertTrue(thrown.getMessage().contains("was closed with the plan or program"), thrown.getMessage());
        assertThrows(IllegalStateException.class, () -> parts.forEach(Program::run));
    }

    /** Deleted once, however often it is closed, and ND4J's collector finds nothing to delete any more. */
    @Test
    void aNativeCallIsDeletedOnce() {
        int[] deletions = {0};
        OpContext context = Nd4j.getExecutioner().buildContext();
        CallContext watched = new CallContext(watching(context, deletions), Arguments.NONE);
        INDArray x = normal(1, 1.0, 3, 3);
        PreparedCall call = new PreparedCall("tanh", Operand.all(x), new INDArray[] {x.ulike()}, watched);
        call.run();
        assertFalse(context.contextPointer().isNull());
        call.close();
        call.close();
        watched.close();
        assertEquals(1, deletions[0]);
        assertTrue(context.contextPointer().isNull());
        assertDoesNotThrow(() -> ((Deallocatable) context).deallocator().deallocate(), "as the collector does");
    }

    private static OpContext watching(OpContext context, int[] deletions) {
        return (OpContext) Proxy.newProxyInstance(
                OwnershipTest.class.getClassLoader(),
                new Class<?>[] {OpContext.class, Deallocatable.class},
                (proxy, method, arguments) -> {
                    try {
                        Object result = method.invoke(context, arguments);
                        if (result instanceof Deallocator deallocator) {
                            return (Deallocator) () -> {
                                deletions[0]++;
                                deallocator.deallocate();
                            };
                        }
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /** Arrays that were bound once and that nobody closes are free for Java's collector, which is waited for. */
    @Test
    void arraysBoundBeforeAreLetGo() throws InterruptedException {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.placeHolder("x", DataType.DOUBLE, 100, 100);
        graph.mmul("y", graph.math().tanh(x), graph.mmul(x, x));
        long size = 100 * 100 * 8;
        int arrays = 50;
        try (ExecutionPlan plan = new PlanCompiler(graph)
                .input("x", normal(1, 1.0, 100, 100), Stage.FORWARD)
                .forwardOutput("y")
                .compile()) {
            long before = bytesAlive();
            for (int i = 0; i < arrays; i++) {
                plan.bind(
                        "x",
                        Nd4j.createUninitializedDetached(DataType.DOUBLE, 100, 100)
                                .assign(i));
                plan.run(Stage.FORWARD);
                assertEquals(
                        100.0 * i * i * 100 * Math.tanh(i), plan.output("y").getDouble(7, 7), 1e-6 * i * i);
            }
            for (int wait = 0; wait < 200 && bytesAlive() > before + 3 * size; wait++) {
                System.gc();
                Thread.sleep(20);
            }
            long kept = (bytesAlive() - before) / size;
            assertTrue(kept <= 3, "keeps " + kept + " of " + arrays + " arrays");
        }
    }
}
