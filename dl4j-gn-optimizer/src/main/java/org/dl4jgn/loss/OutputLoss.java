package org.dl4jgn.loss;

import org.dl4jgn.linalg.Vectors;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The loss on top of the pre-activations z of the output layer, for one batch size: ℓ(o(z), y), its gradient r = ∂(ℓ∘o)/∂z
 * and its curvature Q.
 *
 * <p>The loss is the exact one, computed from z and clipped nowhere: where an output is certain, and right or wrong, the
 * loss has the value and the slope that it has, in float as in double. What DL4J reports for it is a query of its own,
 * {@link #score}.
 *
 * <p>Where the loss matches the activation (softmax with cross-entropy, sigmoid with binary cross-entropy, identity with
 * squared error), Q is the Hessian ∂²(ℓ∘o)/∂z². Where it does not, Q = J_oᵀ H_ℓ J_o, the generalized Gauss-Newton choice,
 * which is positive semidefinite for a convex ℓ (Schraudolph 2002). Q is block diagonal, one c × c block an example.
 *
 * <p>All arrays are [b, c], in c order. All numbers are sums over examples, or sums times the weight that the owner gives
 * ({@link #linearize}); a loss does not know what mean it is a part of. r, Q and the products are those of the last
 * {@link #linearize}, whatever is evaluated later.
 *
 * <p>To add a loss, see {@link OutputLosses}.
 */
public abstract class OutputLoss implements AutoCloseable {

    /** Pre-activations z; written by the owner. */
    public final INDArray z;

    /** Labels y, one row an example; written by the owner, who then calls {@link #labelsChanged}. */
    public final INDArray y;

    /** r = ∂(ℓ∘o)/∂z, not weighted. */
    public final INDArray residual;

    /** Owns what the loss allocates. */
    protected final LossMemory memory;

    private double last;
    private double least;
    private boolean leastKnown;

    /** A loss on {@code z}, [b, c]. */
    protected OutputLoss(INDArray z) {
        this.z = z;
        memory = new LossMemory(z);
        y = memory.array();
        residual = memory.array();
    }

    /** To be called when y, weights or masks have changed. */
    public final void labelsChanged() {
        leastKnown = false;
        prepareLabels();
    }

    /** Computes what depends on labels, weights and masks alone. */
    protected void prepareLabels() {}

    /** Σᵢ ℓ(o(zᵢ), yᵢ), exact. */
    public final double sum() {
        last = evaluate();
        return last;
    }

    /** Computes {@link #sum} at z. */
    protected abstract double evaluate();

    /**
     * The sum that DL4J's score is the mean of, at the z of the last {@link #sum}: with DL4J's clipping of probabilities.
     * Where that is not finite, as for the logarithm of an output that is rounded to zero, it is the exact one.
     */
    public final double score() {
        double reported = reported(last);
        return Double.isFinite(reported) ? reported : last;
    }

    /**
     * The sum as DL4J computes it, at the z of the last {@link #sum}.
     *
     * @param sum what that was, the answer where DL4J clips nothing
     */
    protected double reported(double sum) {
        return sum;
    }

    /**
     * Σᵢ inf ℓ(o, yᵢ) over all outputs o: the loss is never less for these labels, weights and masks. Computed once for
     * each {@link #labelsChanged}. Zero for a loss that is not bounded from below.
     */
    public final double leastSum() {
        if (!leastKnown) {
            least = least();
            leastKnown = true;
        }
        return least;
    }

    /** The least value of {@link #sum} for the labels. */
    protected double least() {
        return 0;
    }

    /**
     * Computes r and weight·Q at z, after {@link #sum} at the same z.
     *
     * @param weight of the sum in the owner's loss, 1/b where that is a mean over b examples; it is in the curvature and
     *     its root, not in r
     */
    public abstract void linearize(double weight);

    /** {@code out ← weight·Q·in}; the arrays are those given at construction. */
    public abstract void multiplyCurvature();

    /** Whether {@link #squaredRoot} and {@link #rootShift} exist; without them exact systems are solved by products with Q. */
    public boolean hasRoot() {
        return true;
    }

    /** The trace of weight·Q, or of the diag(a²) that it is made of: how large the curvature is. */
    public double curvatureSum() {
        return Vectors.norm1(squaredRoot());
    }

    /**
     * weight·a² of the factorization Q = SSᵀ with S = (I − p1ᵀ)·diag(a) for each example; valid until the next
     * {@link #linearize}.
     */
    public abstract INDArray squaredRoot();

    /** p of the factorization, or null for zero. For a softmax it is the output, whose p1ᵀ makes Q singular. */
    @Nullable
    public INDArray rootShift() {
        return null;
    }

    /**
     * Rank of S, where that is known to be less than c for any z: then Sa = 0 with a² = p, up to the weight of the example.
     */
    public long rootRank() {
        return z.size(1);
    }

    /** Frees what the loss allocated; z, weights and the arrays of the product are their owner's. */
    @Override
    public void close() {
        memory.close();
    }
}
