package org.dl4jgn.translate;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.dl4jgn.ops.IndexMap;
import org.dl4jgn.ops.Pick;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/** The steps of sequences as matrices of their own, for layers that are written step after step, and back. */
final class SequenceSteps {

    private final SameDiff graph;
    private final long batch;
    private final long steps;

    SequenceSteps(SameDiff graph, long batch, long steps) {
        this.graph = graph;
        this.batch = batch;
        this.steps = steps;
    }

    /** Step t of [b·steps, n], as [b, n]. */
    SDVariable step(SDVariable all, int t, long n) {
        int[] sources = new int[Math.toIntExact(n)];
        Arrays.setAll(sources, i -> (int) (t * n) + i);
        return Pick.of(graph, all, IndexMap.of(sources, steps * n), new long[] {batch * steps, n}, batch, n);
    }

    /** A matrix [b, n] for each step as one, [b·steps, n]. */
    SDVariable together(List<SDVariable> ofSteps, long n) {
        SDVariable sum = null;
        for (int t = 0; t < steps; t++) {
            int first = (int) (t * n);
            int[] sources = new int[Math.toIntExact(steps * n)];
            Arrays.setAll(sources, i -> i / n == first / n ? i - first : IndexMap.NONE);
            SDVariable placed =
                    Pick.of(graph, ofSteps.get(t), IndexMap.of(sources, n), new long[] {batch, n}, batch * steps, n);
            sum = plus(sum, placed);
        }
        return Objects.requireNonNull(sum);
    }

    private static SDVariable plus(@Nullable SDVariable a, SDVariable b) {
        return a == null ? b : a.add(b);
    }
}
