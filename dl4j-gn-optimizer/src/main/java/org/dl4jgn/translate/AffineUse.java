package org.dl4jgn.translate;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * z = xW + b: with δ the cotangent of z, an example's row of the Jacobian is x ⊗ δ for W and δ for b.
 *
 * @param weight W, [nIn, nOut]
 * @param bias b, [nOut], which follows W in the flat vector; null for none
 * @param input x, [b, nIn]
 * @param output z, [b, nOut]
 */
public record AffineUse(ParameterSlot weight, @Nullable ParameterSlot bias, SDVariable input, SDVariable output)
        implements ParameterUse {

    @Override
    public List<SDVariable> inputs() {
        return List.of(input);
    }

    @Override
    public long outputLength() {
        return weight.shape()[1];
    }

    @Override
    public long work() {
        return weight.length();
    }

    /** The product of two rows is the product of their inputs, known once for a pair of examples, and cotangents. */
    @Override
    public long gramWork() {
        return outputLength();
    }

    @Override
    public long offset() {
        return weight.offset();
    }

    @Override
    public long length() {
        return weight.length() + (bias == null ? 0 : bias.length());
    }
}
