package org.dl4jgn.translate;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import org.dl4jgn.ops.IndexMap;
import org.dl4jgn.ops.Pick;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Sequences from their last step that is there to their first: the steps that are there change places among themselves, and where
 * one is masked the result is zero.
 *
 * <p>That is a product with a matrix of zeros and ones for each example, Pₜₛ = 1 where both steps are there and as many come up to t
 * as come from s on.
 */
final class MaskedReversal {

    private MaskedReversal() {}

    /**
     * Writes it.
     *
     * @param mask which steps are there, [b·steps, 1]
     * @return [b·steps, channels]
     */
    static SDVariable write(SameDiff graph, Activations x, SDVariable mask) {
        long b = x.batch();
        int steps = (int) x.shape()[0];
        SDVariable flags = SequenceMoves.reshaped(graph, mask, steps, new long[] {b * steps, 1}, b, steps);
        SDVariable place = graph.cumsum(flags, false, false, 1);
        SDVariable fromEnd = graph.cumsum(flags, false, true, 1);
        IntUnaryOperator row = i -> i / steps;
        IntUnaryOperator column = i -> i % steps;
        SDVariable apart = pairs(graph, place, b, steps, row).sub(pairs(graph, fromEnd, b, steps, column));
        SDVariable same = graph.nn().relu(graph.math().abs(apart).rsub(1.0), 0.0);
        SDVariable there = pairs(graph, flags, b, steps, row).mul(pairs(graph, flags, b, steps, column));
        long c = x.channels();
        SDVariable whole =
                SequenceMoves.reshaped(graph, x.variable(), steps * c, new long[] {b * steps, c}, b, steps, c);
        SDVariable reversed = graph.mmul(same.mul(there), whole);
        return SequenceMoves.reshaped(graph, reversed, steps * c, new long[] {b, steps, c}, b * steps, c);
    }

    /** A number for each step as one for each pair of steps, [b, steps, steps]. */
    private static SDVariable pairs(SameDiff graph, SDVariable x, long b, int steps, IntUnaryOperator of) {
        int[] sources = new int[steps * steps];
        Arrays.setAll(sources, of);
        return Pick.of(graph, x, IndexMap.of(sources, steps), new long[] {b, steps}, b, steps, steps);
    }
}
