package org.dl4jgn.loss;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The loss on top of the pre-activations z of the output layer, for one batch size: ℓ(o(z), y), its gradient r = ∂(ℓ∘o)/∂z
 * and its curvature Q.
 *
 * <p>Where the loss matches the activation (softmax with cross-entropy, sigmoid with binary cross-entropy, identity with
 * squared error), Q is the Hessian ∂²(ℓ∘o)/∂z². Where it does not, Q = J_oᵀ H_ℓ J_o, the generalized Gauss-Newton choice,
 * which is positive semidefinite for a convex ℓ (Schraudolph 2002). Q is block diagonal, one c × c block an example.
 *
 * <p>All arrays are [b, c], in c order. Sums run over examples; the mean's 1/b is applied where said.
 */
public abstract class OutputLoss implements AutoCloseable {

    /** Pre-activations z; written by the owner. */
    public final INDArray z;

    /** Labels y, one row an example; written by the owner. */
    public final INDArray y;

    /** r = ∂(ℓ∘o)/∂z. */
    public final INDArray residual;

    OutputLoss(INDArray z) {
        this.z = z;
        this.y = z.ulike();
        this.residual = z.ulike();
    }

    /** Called when y, weights or masks have changed. */
    public void labelsChanged() {}

    /** Σᵢ ℓ(o(zᵢ), yᵢ). */
    public abstract double sum();

    /** Computes r and what {@link #multiplyCurvature} needs, at z. */
    public abstract void linearize();

    /** {@code out ← (1/b) Q·in}; the arrays must be those given at construction. */
    public abstract void multiplyCurvature();

    /**
     * a²/b of the factorization Q = SSᵀ with S = (I − p1ᵀ)·diag(a) for each example; call it after {@link #linearize}.
     */
    public abstract INDArray squaredRoot();

    /** p of the factorization, or null for zero. For a softmax it is the output, whose p1ᵀ makes Q singular. */
    @Nullable
    public INDArray rootShift() {
        return null;
    }

    /** Rank of S, where that is known to be less than c for any z. */
    public long rootRank() {
        return z.size(1);
    }

    @Override
    public void close() {
        y.close();
        residual.close();
    }
}
