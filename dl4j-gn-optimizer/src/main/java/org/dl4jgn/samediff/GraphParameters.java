package org.dl4jgn.samediff;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.VariableType;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.autodiff.samediff.internal.Variable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The trainable variables of a graph as one vector θ: one after the other in the order of the graph, each row by row. */
final class GraphParameters {

    private final SameDiff graph;
    private final List<Slot> slots;
    private final int length;

    /**
     * A variable and its place in θ.
     *
     * @param name its name
     * @param offset of its first element
     * @param shape its shape
     */
    record Slot(String name, int offset, long[] shape) {

        int length() {
            return (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        }
    }

    private GraphParameters(SameDiff graph, List<Slot> slots) {
        this.graph = graph;
        this.slots = List.copyOf(slots);
        length = slots.stream().mapToInt(Slot::length).sum();
    }

    /**
     * All variables that the outputs depend on.
     *
     * @throws IllegalArgumentException if there is none, or one is not of {@code type}
     */
    static GraphParameters of(SameDiff graph, Collection<String> outputs, DataType type) {
        Set<String> needed = ancestors(graph, outputs);
        return of(
                graph,
                graph.variables().stream()
                        .filter(v -> v.getVariableType() == VariableType.VARIABLE && needed.contains(v.name()))
                        .map(SDVariable::name)
                        .toList(),
                needed,
                type);
    }

    /** Those of the given names. */
    static GraphParameters of(SameDiff graph, List<String> names, Collection<String> outputs, DataType type) {
        return of(graph, names, ancestors(graph, outputs), type);
    }

    private static GraphParameters of(SameDiff graph, List<String> names, Set<String> needed, DataType type) {
        if (names.isEmpty()) {
            throw new IllegalArgumentException(
                    "No trainable variable: the outputs depend on none; make parameters with" + " sd.var(name, start)");
        }
        List<Slot> slots = new ArrayList<>();
        int offset = 0;
        for (String name : names) {
            SDVariable variable = graph.getVariable(name);
            if (variable == null || variable.getVariableType() != VariableType.VARIABLE) {
                throw new IllegalArgumentException("'" + name + "' is no trainable variable of the graph; those are "
                        + graph.variables().stream()
                                .filter(v -> v.getVariableType() == VariableType.VARIABLE)
                                .map(SDVariable::name)
                                .toList());
            }
            if (!needed.contains(name)) {
                throw new IllegalArgumentException(
                        "The outputs do not depend on variable '" + name + "'; leave it out of what is trained");
            }
            INDArray value = variable.getArr();
            if (value.dataType() != type) {
                throw new IllegalArgumentException("Variable '" + name + "' is of type " + value.dataType()
                        + ", but all that is trained must be of " + type + "; make it with Nd4j.create of that type");
            }
            Slot slot = new Slot(name, offset, value.shape());
            slots.add(slot);
            offset += slot.length();
        }
        return new GraphParameters(graph, slots);
    }

    /** Names of all that {@code outputs} depend on, themselves included. */
    static Set<String> ancestors(SameDiff graph, Collection<String> outputs) {
        Set<String> found = new LinkedHashSet<>();
        List<String> open = new ArrayList<>(new HashSet<>(outputs));
        while (!open.isEmpty()) {
            String name = open.remove(open.size() - 1);
            if (found.add(name)) {
                Variable variable = graph.getVariables().get(name);
                SameDiffOp producer = variable == null || variable.getOutputOfOp() == null
                        ? null
                        : graph.getOps().get(variable.getOutputOfOp());
                if (producer != null) {
                    open.addAll(producer.getInputsToOp());
                }
            }
        }
        return found;
    }

    List<Slot> slots() {
        return slots;
    }

    Slot slot(String name) {
        return slots.stream()
                .filter(s -> s.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + name + "' is not trained; trained are "
                        + slots.stream().map(Slot::name).toList()));
    }

    /** n. */
    int length() {
        return length;
    }

    /** θ as it is in the graph. */
    double[] read() {
        double[] theta = new double[length];
        for (Slot slot : slots) {
            double[] values = graph.getVariable(slot.name())
                    .getArr()
                    .dup('c')
                    .reshape(slot.length())
                    .toDoubleVector();
            System.arraycopy(values, 0, theta, slot.offset(), values.length);
        }
        return theta;
    }

    /** Writes θ into the graph. */
    void write(double[] theta) {
        for (Slot slot : slots) {
            graph.getVariable(slot.name()).getArr().assign(part(theta, slot));
        }
    }

    /** A variable's part of a vector, in its shape. */
    INDArray part(double[] vector, Slot slot) {
        double[] part = Arrays.copyOfRange(vector, slot.offset(), slot.offset() + slot.length());
        INDArray array = Nd4j.createFromArray(part);
        return slot.shape().length == 0 ? Nd4j.scalar(part[0]) : array.reshape('c', slot.shape());
    }
}
