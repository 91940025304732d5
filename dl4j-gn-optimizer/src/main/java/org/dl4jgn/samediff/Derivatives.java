package org.dl4jgn.samediff;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dl4jgn.autodiff.ForwardMode;
import org.dl4jgn.linalg.Buffers;
import org.dl4jgn.plan.ExecutionPlan;
import org.dl4jgn.plan.HostVector;
import org.dl4jgn.plan.PlanCompiler;
import org.dl4jgn.plan.Stage;
import org.dl4jgn.plan.Views;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.VariableType;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Outputs of a graph with fixed inputs, and their first and second derivatives along directions of the parameters, compiled. */
final class Derivatives implements AutoCloseable {

    private static final String TANGENT = "-tangent";

    private final SameDiff graph;
    private final GraphParameters parameters;
    private final Map<String, INDArray> inputs = new LinkedHashMap<>();
    private final Buffers buffers = new Buffers();
    private final INDArray theta;
    private final INDArray tangent;
    private final HostVector thetaNumbers;
    private final HostVector tangentNumbers;
    private final Map<String, Output> outputs = new LinkedHashMap<>();
    private final ExecutionPlan plan;
    private double @Nullable [] at;
    private boolean isLinearized;
    private @Nullable Bends bends;

    /** What is read of an output; no slope where it does not depend on the parameters. */
    private record Output(
            INDArray array,
            HostVector value,
            @Nullable HostVector slope,
            @Nullable SDVariable tangent) {}

    Derivatives(SameDiff source, GraphParameters parameters, Map<String, INDArray> given, List<String> names) {
        this.parameters = parameters;
        graph = source.dup();
        given.forEach((name, value) -> inputs.put(name, checked(source, name, value)));
        for (String name : GraphParameters.ancestors(source, names)) {
            if (source.getVariable(name).getVariableType() == VariableType.PLACEHOLDER && !inputs.containsKey(name)) {
                throw new IllegalArgumentException(
                        "Placeholder '" + name + "' was not given; the outputs " + names + " depend on it");
            }
        }
        theta = buffers.filled(0, DataType.DOUBLE, parameters.length());
        tangent = buffers.filled(0, DataType.DOUBLE, parameters.length());
        thetaNumbers = new HostVector(theta);
        tangentNumbers = new HostVector(tangent);
        try {
            ForwardMode forward = new ForwardMode(graph);
            for (GraphParameters.Slot slot : parameters.slots()) {
                forward.seed(
                        graph.getVariable(slot.name()),
                        graph.placeHolder(slot.name() + TANGENT, DataType.DOUBLE, slot.shape()));
            }
            Map<String, Optional<SDVariable>> tangents = new HashMap<>();
            names.forEach(name -> tangents.put(name, forward.tangent(graph.getVariable(name))));
            PlanCompiler compiler = compiler();
            names.forEach(compiler::forwardOutput);
            tangents.values().forEach(t -> t.ifPresent(v -> compiler.output(v.name())));
            plan = buffers.own(compiler.compile());
            plan.run(Stage.BATCH);
            for (String name : names) {
                INDArray value = plan.output(name);
                SDVariable slope = tangents.getOrDefault(name, Optional.empty()).orElse(null);
                outputs.put(
                        name,
                        new Output(
                                value,
                                new HostVector(value),
                                slope == null ? null : new HostVector(plan.output(slope.name())),
                                slope));
            }
        } catch (RuntimeException e) {
            buffers.close();
            throw e;
        }
    }

    private static INDArray checked(SameDiff graph, String name, INDArray value) {
        SDVariable variable = graph.getVariable(name);
        if (variable == null || variable.getVariableType() != VariableType.PLACEHOLDER) {
            throw new IllegalArgumentException("'" + name + "' is no placeholder of the graph; those are "
                    + graph.variables().stream()
                            .filter(v -> v.getVariableType() == VariableType.PLACEHOLDER)
                            .map(SDVariable::name)
                            .toList());
        }
        INDArray typed = value.castTo(variable.dataType());
        long[] shape = variable.getShape();
        if (shape != null && !fits(shape, typed.shape())) {
            throw new IllegalArgumentException("Placeholder '" + name + "' has shape " + Arrays.toString(shape)
                    + ", the value given for it " + Arrays.toString(typed.shape()));
        }
        return typed.ordering() == 'c' && !typed.isView() ? typed : typed.dup('c');
    }

    private static boolean fits(long[] shape, long[] given) {
        boolean fits = shape.length == given.length;
        for (int i = 0; fits && i < shape.length; i++) {
            fits = shape[i] < 0 || shape[i] == given[i];
        }
        return fits;
    }

    /** A compiler of this graph at θ and the tangent. */
    private PlanCompiler compiler() {
        PlanCompiler compiler = new PlanCompiler(graph).exact();
        inputs.forEach((name, value) -> compiler.input(name, value, Stage.BATCH));
        for (GraphParameters.Slot slot : parameters.slots()) {
            compiler.input(slot.name(), Views.part(theta, slot.offset(), slot.shape()), Stage.FORWARD)
                    .input(slot.name() + TANGENT, Views.part(tangent, slot.offset(), slot.shape()), Stage.JVP);
        }
        return compiler;
    }

    /** Computes the outputs at θ, if that was not where they were computed last. */
    void moveTo(double[] point) {
        if (Arrays.equals(point, at)) {
            return;
        }
        at = point.clone();
        isLinearized = false;
        thetaNumbers.write(at);
        plan.run(Stage.FORWARD);
    }

    /** Computes the slopes along {@code direction}. */
    void tangent(double[] direction) {
        if (!isLinearized) {
            plan.run(Stage.LINEARIZE);
            isLinearized = true;
        }
        tangentNumbers.write(direction);
        plan.run(Stage.JVP);
    }

    int length(String output) {
        return output(output).value.length();
    }

    long[] shape(String output) {
        return output(output).array.shape();
    }

    private Output output(String name) {
        Output output = outputs.get(name);
        if (output == null) {
            throw new IllegalArgumentException("'" + name + "' is no output; those are " + outputs.keySet());
        }
        return output;
    }

    /** An output, row by row. */
    double[] value(String output) {
        return numbers(output(output).value);
    }

    /** Its derivative along the last direction. */
    double[] slope(String output) {
        Output of = output(output);
        return of.slope == null ? new double[of.value.length()] : numbers(of.slope);
    }

    private static double[] numbers(HostVector vector) {
        double[] numbers = new double[vector.length()];
        vector.read(numbers);
        return numbers;
    }

    /** Whether there are second derivatives: some rules write operations that have none of their own. */
    boolean isTwiceDifferentiable() {
        try {
            bends = bends == null ? new Bends() : bends;
            return true;
        } catch (UnsupportedOperationException e) {
            return false;
        }
    }

    /** d²/dt² of the outputs at θ + t·direction; an output that has none is left out. */
    Map<String, double[]> bends(double[] direction) {
        if (bends == null) {
            bends = new Bends();
        }
        tangentNumbers.write(direction);
        return bends.compute();
    }

    /**
     * The derivative of the slopes along the same direction again: forward mode once more, on the graph that it wrote. Compiled
     * when it is asked for the first time.
     */
    private final class Bends {

        private final Map<String, HostVector> bends = new LinkedHashMap<>();
        private final @Nullable ExecutionPlan plan;

        Bends() {
            ForwardMode again = new ForwardMode(graph);
            parameters
                    .slots()
                    .forEach(slot ->
                            again.seed(graph.getVariable(slot.name()), graph.getVariable(slot.name() + TANGENT)));
            Map<String, SDVariable> found = new LinkedHashMap<>();
            outputs.forEach((name, output) -> {
                if (output.tangent != null) {
                    again.tangent(output.tangent).ifPresent(bend -> found.put(name, bend));
                }
            });
            if (found.isEmpty()) {
                plan = null;
                return;
            }
            PlanCompiler compiler = compiler();
            found.values().forEach(bend -> compiler.output(bend.name()));
            ExecutionPlan compiled = buffers.own(compiler.compile());
            found.forEach((name, bend) -> bends.put(name, new HostVector(compiled.output(bend.name()))));
            plan = compiled;
        }

        Map<String, double[]> compute() {
            Map<String, double[]> numbers = new LinkedHashMap<>();
            if (plan != null) {
                for (Stage stage : List.of(Stage.BATCH, Stage.FORWARD, Stage.LINEARIZE, Stage.JVP)) {
                    plan.run(stage);
                }
                bends.forEach((name, bend) -> numbers.put(name, Derivatives.numbers(bend)));
            }
            return numbers;
        }
    }

    @Override
    public void close() {
        buffers.close();
    }
}
