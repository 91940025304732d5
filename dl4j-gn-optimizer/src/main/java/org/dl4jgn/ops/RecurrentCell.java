package org.dl4jgn.ops;

/**
 * What a recurrent layer does at a step, with the pre-activations z = q + h₋R, where q is the input's part and h₋ the output of
 * the step before.
 *
 * <p>A simple cell: h = σ(z). An LSTM, z = [a f o g]: c = γ(f) ∘ c₋ + γ(g) ∘ σ(a), h = γ(o) ∘ σ(c); with peepholes p,
 * f and g have c₋ ∘ p added before γ, and o has c ∘ p. Where a step is masked, h and c are zero.
 *
 * @param gated whether it is an LSTM
 * @param peepholes whether its gates see the cells
 * @param activation σ
 * @param gate γ; of no meaning for a simple cell
 */
public record RecurrentCell(boolean gated, boolean peepholes, CellFunction activation, CellFunction gate) {

    /** The simple cell. */
    public static RecurrentCell simple(CellFunction activation) {
        return new RecurrentCell(false, false, activation, CellFunction.IDENTITY);
    }

    /** The LSTM. */
    public static RecurrentCell lstm(CellFunction activation, CellFunction gate, boolean peepholes) {
        return new RecurrentCell(true, peepholes, activation, gate);
    }

    /** Pre-activations for each unit. */
    public int blocks() {
        return gated ? 4 : 1;
    }

    /**
     * Numbers for each unit and step that the tangent is made of: for a simple cell σ′; for an LSTM, in this order, the
     * factors of ȧ, ḟ, ȯ, ġ, of ċ₋ in ċ, and of ċ in ḣ.
     */
    public int factors() {
        return gated ? 6 : 1;
    }
}
