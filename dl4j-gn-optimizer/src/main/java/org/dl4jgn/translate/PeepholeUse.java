package org.dl4jgn.translate;

import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * What peepholes p add to the pre-activations of an LSTM's gates f, o and g, at every step: c₋ ∘ p₁, c ∘ p₂ and c₋ ∘ p₃, with the
 * cells c₋ before the step and c behind it. An example's row of the Jacobian is Σₜ c₋ₜ ∘ δᶠₜ, Σₜ cₜ ∘ δᵒₜ and Σₜ c₋ₜ ∘ δᵍₜ, of the
 * cotangents δ of the gates.
 *
 * @param weight p, [n, 3]
 * @param before c₋, [b·T, n]
 * @param cells c, [b·T, n]
 * @param output the pre-activations [a f o g], [b·T, 4n]
 * @param steps T
 */
public record PeepholeUse(ParameterSlot weight, SDVariable before, SDVariable cells, SDVariable output, long steps)
        implements ParameterUse {

    /** Parts of the pre-activations: the cell's input, and three gates. */
    public static final int BLOCKS = 4;

    /** n. */
    public long units() {
        return weight.shape()[0];
    }

    @Override
    public List<SDVariable> inputs() {
        return List.of(before, cells);
    }

    @Override
    public long outputLength() {
        return steps * BLOCKS * units();
    }

    @Override
    public long work() {
        return steps * weight.length();
    }

    @Override
    public long gramWork() {
        return length();
    }

    @Override
    public long offset() {
        return weight.offset();
    }

    @Override
    public long length() {
        return weight.length();
    }
}
