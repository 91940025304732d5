package org.dl4jgn.ops;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * A recurrent layer over all steps: from the input's part of the pre-activations, q = XW + b for all steps at once, to the
 * outputs h; see {@link RecurrentCell}.
 *
 * <p>Outputs: h, [b·T, n]; the factors of the tangent, [b·T, n·{@link RecurrentCell#factors}]; h of the step before each,
 * [b·T, n]; of an LSTM c, [b·T, n], and c of the step before each.
 *
 * <p>The tangent is linear in q̇ + H₋Ṙ, where H₋Ṙ is one product for all steps; what remains of the loop is {@link
 * RecurrentTangent}. So a layer's columns of the Jacobian are those of an affine map of [x h₋ 1] at each step.
 */
public final class Recurrence extends GraphOp {

    public static final String NAME = "gn_recurrence";

    private final RecurrentCell cell;
    private final long units;
    private final long steps;
    private final Inputs inputs;

    /**
     * Inputs of the operation.
     *
     * @param q [b·T, n·blocks]
     * @param weights R, [n, n·blocks]
     * @param peepholes of f, o and g, [n, 3]; null without
     * @param mask ones for steps that are there and zeros for those that are masked, [b·T, 1]; null for all there
     * @param output h before the first step, [b, n]; null for zero
     * @param cells c before the first step, [b, n]; null for zero
     */
    public record Inputs(
            SDVariable q,
            SDVariable weights,
            @Nullable SDVariable peepholes,
            @Nullable SDVariable mask,
            @Nullable SDVariable output,
            @Nullable SDVariable cells) {

        private SDVariable[] present() {
            List<SDVariable> all = new ArrayList<>(List.of(q, weights));
            for (SDVariable optional : optionals()) {
                if (optional != null) {
                    all.add(optional);
                }
            }
            return all.toArray(SDVariable[]::new);
        }

        private List<@Nullable SDVariable> optionals() {
            List<@Nullable SDVariable> optionals = new ArrayList<>();
            Collections.addAll(optionals, peepholes, mask, output, cells);
            return optionals;
        }
    }

    private Recurrence(SameDiff graph, RecurrentCell cell, long units, long steps, Inputs inputs, long rows) {
        super(graph, inputs.present(), rows, units);
        this.cell = cell;
        this.units = units;
        this.steps = steps;
        this.inputs = inputs;
    }

    /**
     * Adds the layer to the graph.
     *
     * @param batch b
     * @param steps T
     * @param units n
     */
    public static Recurrence of(SameDiff graph, RecurrentCell cell, long batch, long steps, long units, Inputs inputs) {
        return new Recurrence(graph, cell, units, steps, inputs, batch * steps);
    }

    /** h, [b·T, n]. */
    public SDVariable output() {
        return outputVariables()[0];
    }

    /** h of the step before each, [b·T, n]. */
    public SDVariable previous() {
        return outputVariables()[2];
    }

    /** c of an LSTM, [b·T, n]. */
    public SDVariable cells() {
        return outputVariables()[3];
    }

    /** c of the step before each of an LSTM, [b·T, n]. */
    public SDVariable previousCells() {
        return outputVariables()[4];
    }

    /** The cell. */
    public RecurrentCell cell() {
        return cell;
    }

    /** T. */
    public long steps() {
        return steps;
    }

    /** n. */
    public long units() {
        return units;
    }

    /**
     * Where an optional input is among the operation's, or −1: 0 for the peepholes, 1 the mask, 2 the first output, 3 the
     * first cells.
     */
    public int position(int optional) {
        List<@Nullable SDVariable> optionals = inputs.optionals();
        if (optionals.get(optional) == null) {
            return -1;
        }
        int position = 2;
        for (int i = 0; i < optional; i++) {
            position += optionals.get(i) == null ? 0 : 1;
        }
        return position;
    }

    /** Shapes of the outputs. */
    public List<long[]> shapes() {
        List<long[]> shapes = new ArrayList<>();
        for (int i = 0; i < getNumOutputs(); i++) {
            long[] shape = shape();
            shape[1] = i == 1 ? units * cell.factors() : units;
            shapes.add(shape);
        }
        return shapes;
    }

    @Override
    public SDVariable tangent(SameDiff graph, SDVariable x) {
        throw new IllegalStateException("A recurrence has the tangents of several inputs");
    }

    /** The tangents of q, R and the peepholes; the state before the first step is data. */
    @Override
    public SDVariable tangent(SameDiff graph, List<@Nullable SDVariable> tangents) {
        SDVariable sum = tangents.get(0);
        if (tangents.get(1) != null) {
            sum = plus(sum, graph.mmul(previous(), tangents.get(1)));
        }
        int at = position(0);
        if (at >= 0 && tangents.get(at) != null) {
            sum = plus(sum, PeepholeProduct.of(graph, tangents.get(at), previousCells(), cells(), shape()[0], units));
        }
        if (sum == null) {
            throw new UnsupportedOperationException("The state before the first step has no derivative");
        }
        return RecurrentTangent.of(
                graph, cell, steps, units, sum, inputs.weights, outputVariables()[1], inputs.peepholes, shape()[0]);
    }

    private static SDVariable plus(@Nullable SDVariable a, SDVariable b) {
        return a == null ? b : a.add(b);
    }

    @Override
    public int getNumOutputs() {
        return cell.gated() ? 5 : 3;
    }

    @Override
    public List<DataType> calculateOutputDataTypes(List<DataType> in) {
        return Collections.nCopies(getNumOutputs(), in.get(0));
    }

    @Override
    public String opName() {
        return NAME;
    }
}
