package org.dl4jgn.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A partition's part of a sum.
 *
 * @param numbers scalars, each a sum over the partitions
 * @param vector a vector, likewise, or null for zero
 * @param faults what is wrong with examples, in words that name the partition: a fault that computing again does not mend is no
 *     exception of the task, which Spark would run again
 */
record Partial(double[] numbers, @Nullable Numbers vector, List<String> faults) implements Serializable {

    static Partial of(double... numbers) {
        return new Partial(numbers, null, List.of());
    }

    static Partial fault(String what) {
        return new Partial(new double[0], null, List.of(what));
    }

    /**
     * The sum of parts in their order, so that the same parts have the same sum to the bit; vectors are summed in double and
     * rounded once.
     */
    static Partial sum(List<Partial> parts) {
        double[] numbers = new double[0];
        double @Nullable [] vector = null;
        boolean isFloat = false;
        List<String> faults = new ArrayList<>();
        for (Partial part : parts) {
            numbers = added(numbers, part.numbers);
            if (part.vector != null) {
                if (vector == null) {
                    vector = new double[part.vector.length()];
                }
                isFloat = part.vector.isFloat();
                part.vector.addTo(vector);
            }
            faults.addAll(part.faults);
        }
        return new Partial(numbers, vector == null ? null : Numbers.rounded(vector, isFloat), List.copyOf(faults));
    }

    private static double[] added(double[] a, double[] b) {
        if (a.length == 0) {
            return b.clone();
        }
        for (int i = 0; i < b.length; i++) {
            a[i] += b[i];
        }
        return a;
    }

    @Override
    public String toString() {
        return numbers.length + " numbers, " + (vector == null ? "no vector" : vector) + ", " + faults.size()
                + " faults";
    }
}
