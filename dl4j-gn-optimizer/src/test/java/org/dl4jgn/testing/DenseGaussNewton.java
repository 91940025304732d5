package org.dl4jgn.testing;

import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * H = (1/b)JᵀQJ with explicit matrices, Q by central differences of DL4J's own loss gradients and activations.
 */
public final class DenseGaussNewton {

    private static final double STEP = 1e-5;

    private DenseGaussNewton() {}

    /** (1/b)JᵀQJ for a block diagonal Q. */
    public static Matrix of(Matrix jacobian, Matrix q, long batch) {
        return jacobian.transposed().times(q).times(jacobian).times(1.0 / batch);
    }

    /** Q = ∂²(ℓ∘o)/∂z², for a loss that matches its activation. */
    public static Matrix hessian(
            ILossFunction loss, IActivation activation, INDArray z, INDArray labels, @Nullable INDArray mask) {
        return blocks(z, x -> loss.computeGradient(labels, x.dup(), activation, mask));
    }

    /** Q = J_oᵀ H_ℓ J_o. */
    public static Matrix generalized(
            ILossFunction loss, IActivation activation, INDArray z, INDArray labels, @Nullable INDArray mask) {
        INDArray o = activation.getActivation(z.dup(), true);
        Matrix outer = blocks(o, x -> loss.computeGradient(labels, x.dup(), new ActivationIdentity(), mask));
        Matrix inner = blocks(z, x -> activation.getActivation(x.dup(), true));
        return inner.transposed().times(outer).times(inner);
    }

    /** The block diagonal Jacobian of a function of [b, c] that treats the rows one by one, by central differences. */
    public static Matrix blocks(INDArray x, UnaryOperator<INDArray> f) {
        int b = (int) x.size(0);
        int c = (int) x.size(1);
        Matrix result = Matrix.zeros(b * c, b * c);
        for (int k = 0; k < c; k++) {
            INDArray step = Nd4j.create(DataType.DOUBLE, b, c);
            for (int i = 0; i < b; i++) {
                // shorter near zero, where a loss may have its pole
                step.putScalar(i, k, STEP * Math.min(1, Math.max(1e-3, Math.abs(x.getDouble(i, k)))));
            }
            INDArray difference = f.apply(x.add(step)).sub(f.apply(x.sub(step)));
            for (int i = 0; i < b; i++) {
                for (int j = 0; j < c; j++) {
                    result.set(i * c + j, i * c + k, difference.getDouble(i, j) / (2 * step.getDouble(i, k)));
                }
            }
        }
        return result;
    }
}
