package org.dl4jgn.ops;

import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/** A loop over the steps that is linear in its first input; the others are the recurrent weights, factors and peepholes. */
public abstract class RecurrentLoop extends GraphOp {

    private final RecurrentCell cell;
    private final long steps;
    private final long units;

    RecurrentLoop(
            SameDiff graph, RecurrentCell cell, long steps, long units, SDVariable[] in, long rows, long columns) {
        super(graph, in, rows, columns);
        this.cell = cell;
        this.steps = steps;
        this.units = units;
    }

    static SDVariable[] inputs(SDVariable x, SDVariable weights, SDVariable factors, @Nullable SDVariable peepholes) {
        return peepholes == null
                ? new SDVariable[] {x, weights, factors}
                : new SDVariable[] {x, weights, factors, peepholes};
    }

    /** The cell. */
    public final RecurrentCell cell() {
        return cell;
    }

    /** T. */
    public final long steps() {
        return steps;
    }

    /** n. */
    public final long units() {
        return units;
    }

    final @Nullable SDVariable peepholes() {
        return cell.peepholes() ? arg(3) : null;
    }
}
