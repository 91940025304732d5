package org.dl4jgn.optimize;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dl4jgn.conf.StateLayout;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The numbers and vectors that one component of an optimizer keeps from step to step, by the names it declared. */
public final class Slots {

    private final StateLayout.Component component;
    private final Map<String, INDArray> vectors = new LinkedHashMap<>();
    private final double[] numbers;

    /**
     * Binds names to vectors.
     *
     * @param vectors one for each name, in order
     */
    Slots(StateLayout.Component component, List<INDArray> vectors) {
        this.component = component;
        for (int i = 0; i < vectors.size(); i++) {
            this.vectors.put(component.vectors().get(i), vectors.get(i));
        }
        numbers = new double[component.numbers().size()];
    }

    StateLayout.Component component() {
        return component;
    }

    /** A number; 0 before the first step. */
    public double number(String name) {
        return numbers[index(name)];
    }

    /** Sets a number; any double, kept to the bit. */
    public void set(String name, double value) {
        numbers[index(name)] = value;
    }

    /** A vector of the parameters' length, to be read and written; zeros before the first step. */
    public INDArray vector(String name) {
        INDArray vector = vectors.get(name);
        if (vector == null) {
            throw undeclared("vector", name);
        }
        return vector;
    }

    private int index(String name) {
        int index = component.numbers().indexOf(name);
        if (index < 0) {
            throw undeclared("number", name);
        }
        return index;
    }

    private IllegalArgumentException undeclared(String what, @Nullable String name) {
        return new IllegalArgumentException(
                "The state has no " + what + " \"" + name + "\" of the " + component + "; declare it there");
    }

    /** All numbers, in the order of their names. */
    List<Double> numbers() {
        Double[] boxed = new Double[numbers.length];
        for (int i = 0; i < boxed.length; i++) {
            boxed[i] = numbers[i];
        }
        return List.of(boxed);
    }

    /**
     * Sets the first numbers, and the others to 0.
     *
     * @throws IllegalStateException if there are more than were declared
     */
    void setNumbers(List<Double> values) {
        if (values.size() > numbers.length) {
            throw new IllegalStateException("The " + component.role() + " " + component.type() + " wants to remember "
                    + values.size() + " numbers, " + values + ", but declared " + numbers.length + " in slots(): "
                    + component.numbers());
        }
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = i < values.size() ? values.get(i) : 0;
        }
    }
}
