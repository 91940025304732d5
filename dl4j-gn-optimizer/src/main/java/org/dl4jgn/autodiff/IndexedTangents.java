package org.dl4jgn.autodiff;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.functions.DifferentialFunction;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ops.DynamicCustomOp;

/** Tangent rules of operations with indices: scattered rows, and rows put together by segments. */
final class IndexedTangents {

    /** ẏ = op(ẋ, indices, u̇). */
    private static final List<String> LINEAR = List.of("scatter_add", "scatter_sub");

    /** ẏ = Σ over each segment of w ∘ ẋ, with w the reverse rule of ones: each x is in one y only. */
    private static final List<String> BY_SEGMENTS = List.of("segment_max", "segment_min", "segment_prod");

    private IndexedTangents() {}

    /** The rules, by the operations' names. */
    static Map<String, TangentRule> rules() {
        Map<String, TangentRule> rules = new HashMap<>();
        LINEAR.forEach(name -> rules.put(name, IndexedTangents::scattered));
        rules.put("scatter_mul", (graph, op, in, y, t) -> scaled(graph, op, in, y, t, 1));
        rules.put("scatter_div", (graph, op, in, y, t) -> scaled(graph, op, in, y, t, -1));
        rules.put("scatter_max", (graph, op, in, y, t) -> extreme(graph, in, y, t, 1));
        rules.put("scatter_min", (graph, op, in, y, t) -> extreme(graph, in, y, t, -1));
        BY_SEGMENTS.forEach(name -> {
            rules.put(name, (graph, op, in, y, t) -> graph.segmentSum(weighted(graph, op, y, t), in.get(1)));
            rules.put(
                    "unsorted_" + name,
                    (graph, op, in, y, t) -> graph.unsortedSegmentSum(
                            weighted(graph, op, y, t), in.get(1), (int) ((DynamicCustomOp) op).iArgs()[0]));
        });
        return rules;
    }

    private static SDVariable weighted(
            SameDiff graph, DifferentialFunction op, SDVariable y, List<@Nullable SDVariable> t) {
        return op.doDiff(List.of(graph.onesLike(y))).get(0).mul(Tangents.present(t.get(0)));
    }

    private static SDVariable scattered(
            SameDiff graph, DifferentialFunction op, List<SDVariable> in, SDVariable y, List<@Nullable SDVariable> t) {
        List<SDVariable> inputs = new ArrayList<>(in);
        inputs.set(0, orZeros(graph, in.get(0), t.get(0)));
        inputs.set(2, orZeros(graph, in.get(2), t.get(2)));
        return OpCopies.apply(graph, op, inputs, 0);
    }

    private static SDVariable orZeros(SameDiff graph, SDVariable like, @Nullable SDVariable tangent) {
        return tangent == null ? graph.zerosLike(like) : tangent;
    }

    /** y = x u^power in the rows of the indices, which may be the same several times: ẏ = ẋ u^power + power y u̇/u; u ≠ 0. */
    private static SDVariable scaled(
            SameDiff graph,
            DifferentialFunction op,
            List<SDVariable> in,
            SDVariable y,
            List<@Nullable SDVariable> t,
            double power) {
        SDVariable x = t.get(0);
        SDVariable updates = t.get(2);
        SDVariable viaX = x == null ? null : OpCopies.apply(graph, op, List.of(x, in.get(1), in.get(2)), 0);
        SDVariable viaUpdates = null;
        if (updates != null) {
            SDVariable rows = graph.gather(y, in.get(1), 0).div(in.get(2)).mul(power);
            viaUpdates = graph.scatterAdd(graph.zerosLike(in.get(0)), in.get(1), rows.mul(updates));
        }
        return Tangents.sum(viaX, viaUpdates);
    }

    /** y = max(x, u), or min, in the rows of the indices: the tangent of the one that is y; of equals that of x. */
    private static SDVariable extreme(
            SameDiff graph, List<SDVariable> in, SDVariable y, List<@Nullable SDVariable> t, double sign) {
        SDVariable beyond = graph.math()
                .step(in.get(2).sub(graph.gather(in.get(0), in.get(1), 0)).mul(sign), 0.0);
        SDVariable away = graph.math().abs(in.get(2).sub(graph.gather(y, in.get(1), 0)));
        SDVariable chosen = beyond.mul(graph.math().step(away, 0.0).rsub(1.0));
        SDVariable zeros = graph.zerosLike(in.get(0));
        SDVariable x = t.get(0);
        SDVariable updates = t.get(2);
        SDVariable viaX = x == null
                ? null
                : x.mul(graph.scatterMax(zeros, in.get(1), chosen).rsub(1.0));
        SDVariable viaUpdates = updates == null ? null : graph.scatterAdd(zeros, in.get(1), updates.mul(chosen));
        return Tangents.sum(viaX, viaUpdates);
    }
}
