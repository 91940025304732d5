package org.dl4jgn.autodiff;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.functions.DifferentialFunction;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * The derivative of one kind of operation along a direction: for y = op(x₁, x₂, ...), ẏ = Σᵢ ∂op/∂xᵢ · ẋᵢ.
 *
 * <p>A rule must be linear in the tangents and may use, on a tangent, only operations that SameDiff can
 * differentiate: then SameDiff's reverse mode transposes it.
 */
@FunctionalInterface
public interface TangentRule {

    /**
     * Extends the graph by the tangent of the operation's (only) output.
     *
     * @param graph the graph to extend
     * @param op the operation
     * @param inputs its inputs x
     * @param output its output y
     * @param tangents the inputs' tangents ẋ, in the order of the inputs; null stands for zero, not all are null
     * @return ẏ, of the shape of y
     */
    SDVariable tangent(
            SameDiff graph,
            DifferentialFunction op,
            List<SDVariable> inputs,
            SDVariable output,
            List<@Nullable SDVariable> tangents);
}
