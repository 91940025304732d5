package org.dl4jgn.ops;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/** The transpose of a {@link RecurrentTangent}: q̄ = Lᵀh̄, the same loop backwards. */
public final class RecurrentCotangent extends RecurrentLoop {

    public static final String NAME = "gn_recurrent_cotangent";

    private RecurrentCotangent(SameDiff graph, RecurrentCell cell, long steps, long units, SDVariable[] in, long rows) {
        super(graph, cell, steps, units, in, rows, units * cell.blocks());
    }

    /** Adds q̄, [b·T, n·blocks], to the graph for h̄, [b·T, n]. */
    static SDVariable of(
            SameDiff graph,
            RecurrentCell cell,
            long steps,
            long units,
            SDVariable h,
            SDVariable weights,
            SDVariable factors,
            @Nullable SDVariable peepholes,
            long rows) {
        return new RecurrentCotangent(graph, cell, steps, units, inputs(h, weights, factors, peepholes), rows)
                .outputVariable();
    }

    @Override
    public SDVariable tangent(SameDiff graph, SDVariable h) {
        return of(graph, cell(), steps(), units(), h, arg(1), arg(2), peepholes(), shape()[0]);
    }

    @Override
    public List<SDVariable> doDiff(List<SDVariable> cotangents) {
        return List.of(RecurrentTangent.of(
                sameDiff, cell(), steps(), units(), cotangents.get(0), arg(1), arg(2), peepholes(), shape()[0]));
    }

    @Override
    public String opName() {
        return NAME;
    }
}
