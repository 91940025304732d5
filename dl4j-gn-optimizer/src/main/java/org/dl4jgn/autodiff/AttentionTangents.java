package org.dl4jgn.autodiff;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Conv1DConfig;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.PaddingMode;

/** Tangent rules of attention: y = V softmax(KᵀQ/√d), with features along the last axis but one. */
final class AttentionTangents {

    /** What is added to the scores of positions that a mask leaves out. */
    private static final double OUT = 1e9;

    private AttentionTangents() {}

    /** The rules, by the operations' names. */
    static Map<String, TangentRule> rules() {
        return Map.of(
                "dot_product_attention", Compositions.rule(AttentionTangents::dotProduct),
                "multi_head_dot_product_attention", Compositions.rule(AttentionTangents::multiHead));
    }

    /** Queries [b, f, tq] or [b, heads, f, tq], keys and values with tk in place of tq, mask [b, tk]: outputs and weights. */
    private static List<SDVariable> dotProduct(SameDiff graph, DynamicCustomOp op, List<SDVariable> in) {
        boolean hasHeads = rank(op, in) == 4;
        SDVariable mask = in.size() > 3 ? in.get(3) : null;
        return attention(graph, op, in.get(0), in.get(1), in.get(2), mask, hasHeads);
    }

    private static int rank(DynamicCustomOp op, List<SDVariable> in) {
        for (SDVariable x : in.subList(0, 3)) {
            long[] shape = x.getShape();
            if (shape != null) {
                return shape.length;
            }
        }
        // heads are an axis that reshaping or projecting made: without any shape the plain form is assumed
        return 3;
    }

    private static List<SDVariable> attention(
            SameDiff graph,
            DynamicCustomOp op,
            SDVariable queries,
            SDVariable keys,
            SDVariable values,
            @Nullable SDVariable mask,
            boolean hasHeads) {
        int features = hasHeads ? 2 : 1;
        SDVariable transposed = hasHeads ? graph.permute(keys, 0, 1, 3, 2) : graph.permute(keys, 0, 2, 1);
        SDVariable scores = graph.mmul(transposed, queries);
        if (op.iArgs()[0] != 0) {
            // √d as a sum of ones: the number of features need not be known
            SDVariable count = graph.sum(graph.onesLike(transposed), true, features + 1);
            scores = scores.div(graph.math().sqrt(count));
        }
        if (mask != null) {
            SDVariable column = graph.expandDims(hasHeads ? graph.expandDims(mask, 1) : mask, -1);
            scores = scores.add(column.sub(1.0).mul(OUT));
        }
        SDVariable weights = graph.nn().softmax(scores, features);
        return List.of(graph.mmul(values, weights), weights);
    }

    /**
     * Queries, keys, values [b, f, t], projections [heads, p, f] of each, output [heads·p, n], mask [b, tk]. Each head is written
     * for itself, with convolutions of one position for its projections, which need neither b nor t.
     */
    private static List<SDVariable> multiHead(SameDiff graph, DynamicCustomOp op, List<SDVariable> in) {
        SDVariable mask = in.size() > 7 ? in.get(7) : null;
        long[] values = Compositions.knownShape(op, in.get(5));
        int heads = (int) values[0];
        SDVariable output = graph.reshape(in.get(6), heads, values[1], -1);
        SDVariable[] weights = new SDVariable[heads];
        @Nullable SDVariable sum = null;
        for (int head = 0; head < heads; head++) {
            List<SDVariable> inner = attention(
                    graph,
                    op,
                    projected(graph, in.get(0), graph.permute(in.get(3), 0, 2, 1), head),
                    projected(graph, in.get(1), graph.permute(in.get(4), 0, 2, 1), head),
                    projected(graph, in.get(2), graph.permute(in.get(5), 0, 2, 1), head),
                    mask,
                    false);
            sum = Tangents.sum(sum, projected(graph, inner.get(0), output, head));
            weights[head] = inner.get(1);
        }
        return List.of(Tangents.present(sum), graph.stack(1, weights));
    }

    /** [b, f, t] by one head of [heads, f, p]: [b, p, t]. */
    private static SDVariable projected(SameDiff graph, SDVariable x, SDVariable projections, int head) {
        SDVariable one = graph.stridedSlice(
                projections,
                new long[] {head, 0, 0},
                new long[] {head + 1L, 0, 0},
                new long[] {1, 1, 1},
                0b110,
                0b110,
                0,
                0,
                0);
        return graph.cnn()
                .conv1d(
                        x,
                        one,
                        Conv1DConfig.builder()
                                .k(1)
                                .s(1)
                                .paddingMode(PaddingMode.VALID)
                                .build());
    }
}
