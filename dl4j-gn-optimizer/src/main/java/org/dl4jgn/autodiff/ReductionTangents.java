package org.dl4jgn.autodiff;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.functions.DifferentialFunction;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ops.BaseReduceOp;
import org.nd4j.linalg.api.ops.DynamicCustomOp;

/** Tangent rules of what takes many elements to one. */
final class ReductionTangents {

    /** Sums are linear. */
    private static final List<String> LINEAR = List.of("reduce_sum", "reduce_mean");

    /** ẏ = Σ w ∘ ẋ along the same dimensions, with w the reverse rule of ones: each x is in one y only. */
    private static final List<String> BY_THEIR_REVERSE_RULE =
            List.of("reduce_max", "reduce_min", "reduce_normmax", "reduce_prod", "std", "var");

    /** Losses that are one number, or one a row. */
    private static final List<String> LOSSES = List.of(
            "absolute_difference_loss",
            "cosine_distance_loss",
            "hinge_loss",
            "huber_loss",
            "l2_loss",
            "log_loss",
            "log_poisson_loss",
            "mean_sqerr_loss",
            "sigm_cross_entropy_loss",
            "softmax_cross_entropy_loss");

    private ReductionTangents() {}

    /** The rules, by the operations' names. */
    static Map<String, TangentRule> rules() {
        Map<String, TangentRule> rules = new HashMap<>();
        LINEAR.forEach(name -> rules.put(
                name, (graph, op, in, y, t) -> sum(graph, op, Tangents.present(t.get(0)), name.equals("reduce_mean"))));
        BY_THEIR_REVERSE_RULE.forEach(name -> rules.put(name, ReductionTangents::weighted));
        rules.put("reduce_norm1", norm1());
        rules.put("reduce_norm2", ReductionTangents::euclidean);
        rules.put(
                "reduce_sqnorm",
                (graph, op, in, y, t) -> sum(graph, op, in.get(0).mul(2.0).mul(Tangents.present(t.get(0))), false));
        rules.put("reduce_logsumexp", ReductionTangents::logSumExp);
        LOSSES.forEach(name -> rules.put(name, ReductionTangents::loss));
        return rules;
    }

    private static TangentRule norm1() {
        return (graph, op, in, y, t) ->
                sum(graph, op, graph.math().sign(in.get(0)).mul(Tangents.present(t.get(0))), false);
    }

    /** ẏ = ⟨x, ẋ⟩/y, and 0 where y is, of the derivatives that there are the shortest: capsules behind a ReLU are zero as a whole. */
    private static SDVariable euclidean(
            SameDiff graph, DifferentialFunction op, List<SDVariable> in, SDVariable y, List<@Nullable SDVariable> t) {
        SDVariable oneWhereZero = graph.math().step(y, 0.0).rsub(1.0);
        return sum(graph, op, in.get(0).mul(Tangents.present(t.get(0))), false).div(y.add(oneWhereZero));
    }

    private static SDVariable sum(SameDiff graph, DifferentialFunction op, SDVariable x, boolean isMean) {
        int[] given = op.getDimensions();
        boolean all = given == null || given.length == 0 || given.length == 1 && given[0] == Integer.MAX_VALUE;
        int[] dimensions = all ? new int[0] : given;
        boolean keeps = op instanceof BaseReduceOp reduction && reduction.isKeepDims();
        return isMean ? graph.mean(x, keeps, dimensions) : graph.sum(x, keeps, dimensions);
    }

    private static SDVariable weighted(
            SameDiff graph, DifferentialFunction op, List<SDVariable> in, SDVariable y, List<@Nullable SDVariable> t) {
        SDVariable weights = op.doDiff(List.of(graph.onesLike(y))).get(0);
        return sum(graph, op, weights.mul(Tangents.present(t.get(0))), false);
    }

    /** y = log Σ exp x along one dimension: ẏ = Σ softmax(x) ∘ ẋ. */
    private static SDVariable logSumExp(
            SameDiff graph, DifferentialFunction op, List<SDVariable> in, SDVariable y, List<@Nullable SDVariable> t) {
        long[] dimensions = ((DynamicCustomOp) op).iArgs();
        if (dimensions.length != 1) {
            throw new UnsupportedOperationException(
                    "reduce_logsumexp '" + y.name() + "' is over several dimensions; only one has a tangent rule");
        }
        SDVariable weights = graph.nn().softmax(in.get(0), (int) dimensions[0]);
        return graph.sum(weights.mul(Tangents.present(t.get(0))), (int) dimensions[0]);
    }

    /** ℓ̇ = Σᵢ ⟨∂ℓ/∂xᵢ, ẋᵢ⟩, for a loss that is one number. */
    private static SDVariable loss(
            SameDiff graph, DifferentialFunction op, List<SDVariable> in, SDVariable y, List<@Nullable SDVariable> t) {
        List<SDVariable> slopes = op.doDiff(List.of(graph.onesLike(y)));
        @Nullable SDVariable total = null;
        for (int i = 0; i < in.size(); i++) {
            SDVariable tangent = t.get(i);
            if (tangent != null) {
                total = Tangents.sum(total, graph.sum(slopes.get(i).mul(tangent)));
            }
        }
        return Tangents.present(total);
    }
}
