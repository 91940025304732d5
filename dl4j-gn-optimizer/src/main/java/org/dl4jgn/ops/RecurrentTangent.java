package org.dl4jgn.ops;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * The tangent of a {@link Recurrence}: ḣ = L·q̇, a loop over the steps that is linear in q̇. With the factors A of the cell,
 * a simple one has ḣ = A ∘ (q̇ + ḣ₋R); an LSTM, with [ȧ ḟ ȯ ġ] = q̇ + ḣ₋R,
 *
 * <pre>ċ = A₅ ∘ ċ₋ + A₁ ∘ ȧ + A₂ ∘ ḟ + A₄ ∘ ġ,    ḣ = A₃ ∘ ȯ + A₆ ∘ ċ.</pre>
 */
public final class RecurrentTangent extends RecurrentLoop {

    public static final String NAME = "gn_recurrent_tangent";

    private RecurrentTangent(SameDiff graph, RecurrentCell cell, long steps, long units, SDVariable[] in, long rows) {
        super(graph, cell, steps, units, in, rows, units);
    }

    /** Adds ḣ, [b·T, n], to the graph for q̇, [b·T, n·blocks]. */
    static SDVariable of(
            SameDiff graph,
            RecurrentCell cell,
            long steps,
            long units,
            SDVariable q,
            SDVariable weights,
            SDVariable factors,
            @Nullable SDVariable peepholes,
            long rows) {
        return new RecurrentTangent(graph, cell, steps, units, inputs(q, weights, factors, peepholes), rows)
                .outputVariable();
    }

    @Override
    public SDVariable tangent(SameDiff graph, SDVariable q) {
        return of(graph, cell(), steps(), units(), q, arg(1), arg(2), peepholes(), shape()[0]);
    }

    @Override
    public List<SDVariable> doDiff(List<SDVariable> cotangents) {
        return List.of(RecurrentCotangent.of(
                sameDiff, cell(), steps(), units(), cotangents.get(0), arg(1), arg(2), peepholes(), shape()[0]));
    }

    @Override
    public String opName() {
        return NAME;
    }
}
