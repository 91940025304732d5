package org.dl4jgn.spark;

import java.util.HashMap;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Values of the loss along a direction, some of them computed before they are asked for.
 *
 * <p>A search that asks for a second, shorter length is on its way back, and most shrink by the same factor every time. So the
 * next lengths of that kind are computed by the same job, which takes a round between machines and a forward pass each. A guess
 * that is wrong costs those passes; what the search sees is the same.
 */
final class Trials {

    /** Lengths in a job, when a search is on its way back. */
    private static final int AHEAD = 4;

    private final Numbers from;
    private final Numbers along;
    private final Selection selection;
    private final Query.Moment moment;
    private final @Nullable Shipped base;
    private final Shipped direction;
    private final Map<Double, Double> values = new HashMap<>();
    private double last;

    /**
     * None yet.
     *
     * @param from where the line begins
     * @param isAtPoint whether that is where the executors are
     * @param selection of which examples
     * @param moment of which step
     */
    Trials(
            Shipping shipping,
            Numbers from,
            boolean isAtPoint,
            Numbers along,
            Selection selection,
            Query.Moment moment) {
        this.from = from;
        this.along = along;
        this.selection = selection;
        this.moment = moment;
        base = isAtPoint ? null : shipping.forAll(from);
        direction = shipping.forAll(along);
    }

    boolean isOf(Numbers begin, Numbers line, Selection examples, Query.Moment at) {
        return selection.equals(examples) && moment.drawsAs(at) && along.equals(line) && from.equals(begin);
    }

    Shipped direction() {
        return direction;
    }

    /**
     * The value at a length.
     *
     * @param job computes values, for where the line begins (null for the point) and lengths
     */
    double value(double length, BiFunction<@Nullable Shipped, double[], double[]> job) {
        Double known = values.get(length);
        if (known != null) {
            return known;
        }
        double[] lengths = next(length);
        double[] computed = job.apply(base, lengths);
        for (int i = 0; i < lengths.length; i++) {
            values.put(lengths[i], computed[i]);
        }
        return computed[0];
    }

    private double[] next(double length) {
        double before = last;
        last = length;
        boolean isShrinking = before > length && length > 0;
        double[] lengths = new double[isShrinking ? AHEAD : 1];
        lengths[0] = length;
        for (int i = 1; i < lengths.length; i++) {
            lengths[i] = lengths[i - 1] * (length / before);
        }
        return lengths;
    }

    void free() {
        direction.free();
        if (base != null) {
            base.free();
        }
    }
}
