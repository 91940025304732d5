package org.dl4jgn.translate;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * z = pW + b for every position p of an example, with the same W and b: an example's row of the Jacobian is Σₚ p ⊗ δₚ
 * for W and Σₚ δₚ for b.
 *
 * @param weight W, [K, nOut], with K the elements of a patch
 * @param bias b, [nOut]; null for none
 * @param patches the patches, [b·positions, K]
 * @param output z, [b·positions, nOut]
 * @param positions positions of an example
 */
public record ConvolutionUse(
        ParameterSlot weight, @Nullable ParameterSlot bias, SDVariable patches, SDVariable output, long positions)
        implements ParameterUse {

    @Override
    public List<SDVariable> inputs() {
        return List.of(patches);
    }

    @Override
    public long outputLength() {
        return positions * weight.shape()[1];
    }

    @Override
    public long work() {
        return positions * weight.length();
    }

    @Override
    public long gramWork() {
        return length();
    }

    @Override
    public long offset() {
        return bias == null ? weight.offset() : Math.min(weight.offset(), bias.offset());
    }

    @Override
    public long length() {
        return weight.length() + (bias == null ? 0 : bias.length());
    }
}
