package org.dl4jgn.autodiff;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.functions.DifferentialFunction;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ops.DynamicCustomOp;

/** Tangent rules of functions of matrices, of running products, and of what is nearly arithmetic. */
final class MatrixTangents {

    private MatrixTangents() {}

    /** The rules, by the operations' names. */
    static Map<String, TangentRule> rules() {
        return Map.of(
                "cumprod", MatrixTangents::runningProduct,
                "matrix_determinant", MatrixTangents::determinant,
                "matrix_inverse",
                        (graph, op, in, y, t) ->
                                y.mmul(Tangents.present(t.get(0))).mmul(y).neg(),
                "mergemax", Compositions.rule((graph, op, in) -> List.of(largest(graph, in))),
                "sparse_softmax_cross_entropy_loss_with_logits", MatrixTangents::sparseCrossEntropy);
    }

    /** y = det X: ẏ = y tr(X⁻¹Ẋ), of one matrix. */
    private static SDVariable determinant(
            SameDiff graph, DifferentialFunction op, List<SDVariable> in, SDVariable y, List<@Nullable SDVariable> t) {
        SDVariable inverse = graph.math().matrixInverse(in.get(0));
        return graph.sum(graph.transpose(inverse).mul(Tangents.present(t.get(0))))
                .mul(y);
    }

    /** y = x₁x₂...: ẏ = y Σ ẋᵢ/xᵢ over the same factors, of which none is zero. */
    private static SDVariable runningProduct(
            SameDiff graph, DifferentialFunction op, List<SDVariable> in, SDVariable y, List<@Nullable SDVariable> t) {
        long[] arguments = ((DynamicCustomOp) op).iArgs();
        if (arguments.length != 3) {
            throw new UnsupportedOperationException("cumprod '" + y.name() + "' is along " + (arguments.length - 2)
                    + " dimensions given as numbers; it has a tangent rule along one");
        }
        SDVariable ratio = Tangents.present(t.get(0)).div(in.get(0));
        return y.mul(graph.cumsum(ratio, arguments[0] != 0, arguments[1] != 0, (int) arguments[2]));
    }

    private static SDVariable largest(SameDiff graph, List<SDVariable> in) {
        SDVariable largest = in.get(0);
        for (SDVariable other : in.subList(1, in.size())) {
            largest = graph.math().max(largest, other);
        }
        return largest;
    }

    /** One loss a row: ℓ̇ = Σ (softmax(z) − label) ∘ ż. */
    private static SDVariable sparseCrossEntropy(
            SameDiff graph, DifferentialFunction op, List<SDVariable> in, SDVariable y, List<@Nullable SDVariable> t) {
        SDVariable slope = op.doDiff(List.of(graph.onesLike(y))).get(1);
        return graph.sum(slope.mul(Tangents.present(t.get(1))), -1);
    }
}
