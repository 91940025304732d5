package org.dl4jgn.translate;

import java.util.Arrays;
import org.dl4jgn.ops.IndexMap;
import org.dl4jgn.ops.Pick;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Writes the scaled dot-product attention of DL4J's layers (Vaswani et al. 2017): for each example and head the queries, keys and
 * values are matrices with a row for each step, and the output is softmax(QKᵀ/√n) V.
 *
 * <p>What is given and what comes back are matrices [b·steps, heads·n], a head's numbers side by side, so that projections are
 * products like those of dense layers.
 */
final class AttentionWriter {

    /** What a masked step's weight is lowered by, before the softmax: DL4J's number. */
    private static final double OUT_OF_SIGHT = 1e9;

    private final SameDiff graph;
    private final long batch;
    private final int heads;

    AttentionWriter(SameDiff graph, long batch, int heads) {
        this.graph = graph;
        this.batch = batch;
        this.heads = heads;
    }

    /**
     * Rows of steps.
     *
     * @param rows [b·steps, heads·width]
     * @param width of one head
     */
    record Steps(SDVariable rows, long steps, long width) {}

    /**
     * Writes it.
     *
     * @param mask which steps of keys and values are there, [b·steps, 1]; null for all
     * @return [b·steps of the queries, heads·width of the values]
     */
    SDVariable write(Steps queries, Steps keys, Steps values, @Nullable SDVariable mask) {
        SDVariable scaled = queries.rows.mul(1 / Math.sqrt(keys.width));
        SDVariable weights =
                graph.mmul(apart(keys), apart(new Steps(scaled, queries.steps, queries.width)), false, true, false);
        SDVariable lowered = mask == null ? weights : lowered(weights, mask, keys.steps, queries.steps);
        SDVariable seen = graph.mmul(graph.nn().softmax(lowered, 1), apart(values), true, false, false);
        long width = heads * values.width;
        return Pick.of(
                graph,
                seen,
                backwards(byHead(queries.steps, values.width)),
                new long[] {batch * heads, queries.steps, values.width},
                batch * queries.steps,
                width);
    }

    /** [b·heads, steps, width]. */
    private SDVariable apart(Steps x) {
        return Pick.of(
                graph,
                x.rows,
                byHead(x.steps, x.width),
                new long[] {batch * x.steps, heads * x.width},
                batch * heads,
                x.steps,
                x.width);
    }

    /**
     * Weights that the softmax makes zeros of where the key is masked. Where all keys of an example are, DL4J's layer sees them all, by
     * what rounding leaves of weights near −1e9; here they are raised again after that, since ND4J's softmax of such is no number.
     */
    private SDVariable lowered(SDVariable weights, SDVariable mask, long keys, long queries) {
        SDVariable flags = SequenceMoves.reshaped(graph, mask, keys, new long[] {batch * keys, 1}, batch, keys);
        SDVariable none = graph.nn().relu(flags.sum(true, 1).rsub(1.0), 0.0);
        return weights.add(spread(flags, keys, queries, keys).sub(1.0).mul(OUT_OF_SIGHT))
                .add(spread(none, keys, queries, 1).mul(OUT_OF_SIGHT));
    }

    /** Flags of each example, for each key or for all, as one for each head, key and query. */
    private SDVariable spread(SDVariable flags, long keys, long queries, long count) {
        int[] sources = new int[Math.toIntExact(heads * keys * queries)];
        Arrays.setAll(sources, i -> (int) (i / queries % count));
        return Pick.of(
                graph, flags, IndexMap.of(sources, count), new long[] {batch, count}, batch * heads, keys, queries);
    }

    private IndexMap byHead(long steps, long width) {
        int[] sources = new int[Math.toIntExact(heads * steps * width)];
        for (int i = 0; i < sources.length; i++) {
            long head = i / (steps * width);
            long step = i / width % steps;
            sources[i] = (int) ((step * heads + head) * width + i % width);
        }
        return IndexMap.of(sources, sources.length);
    }

    private static IndexMap backwards(IndexMap map) {
        int[] sources = new int[map.outputLength()];
        for (int i = 0; i < sources.length; i++) {
            sources[map.source(i)] = i;
        }
        return IndexMap.of(sources, sources.length);
    }
}
