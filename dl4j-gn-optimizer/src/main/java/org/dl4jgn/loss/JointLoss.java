package org.dl4jgn.loss;

import org.dl4jgn.plan.Program;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A loss that couples the outputs of a row, Σᵢ ωᵢ ℓ(oᵢ, yᵢ), as a function of the output o: value, gradient, and products with
 * a matrix H ⪰ 0 for each row, the Hessian where ℓ is convex in o. Whoever uses it multiplies with the derivative of the
 * activation.
 *
 * <p>A loss of your own: the constructor appends to {@link #evaluate} what {@link #sum} reads, to {@link #differentiate} what
 * writes ωℓ′ and the diagonal of ωH, and to {@link #multiply} the product with ωH. What {@code multiply} reads beside its input is
 * written by {@code differentiate} alone. A mask leaves out whole rows: ω is the same for all outputs of one.
 */
public abstract class JointLoss {

    /**
     * Arrays of one batch size, all [b, c].
     *
     * @param o outputs
     * @param y labels
     * @param omega masks ω, or null where there are none
     * @param first where ωℓ′ goes
     * @param diagonal where the diagonal of ωH goes
     * @param in what H is multiplied with
     * @param out where the product goes
     * @param memory owns what the loss allocates
     */
    public record Arrays(
            INDArray o,
            INDArray y,
            @Nullable INDArray omega,
            INDArray first,
            INDArray diagonal,
            INDArray in,
            INDArray out,
            LossMemory memory) {}

    /** Makes the loss on given arrays. */
    @FunctionalInterface
    public interface Factory {
        JointLoss create(Arrays arrays);
    }

    /** The arrays that the loss is bound to. */
    protected final Arrays at;

    /** Computes what {@link #sum} reads; to be run by it. */
    protected final Program evaluate;

    /** Writes {@link Arrays#first} and {@link Arrays#diagonal} at o. */
    protected final Program differentiate;

    /** {@code out ← ωH·in}. */
    protected final Program multiply;

    /** A loss on {@code at}. */
    protected JointLoss(Arrays at) {
        this.at = at;
        evaluate = at.memory.program();
        differentiate = at.memory.program();
        multiply = at.memory.program();
    }

    /** Σᵢ ωᵢ ℓ(oᵢ, yᵢ), exact. */
    public abstract double sum();

    /** Σᵢ ωᵢ inf ℓ(o, yᵢ) over all o; 0 where there is no such bound. */
    protected double least() {
        return 0;
    }

    /** Computes what depends on labels and masks alone. */
    protected void prepareLabels() {}

    /** Appends {@code array ← ω∘array}, nothing where there are no masks. */
    protected final void weigh(Program program, INDArray array) {
        if (at.omega != null) {
            program.multiply(array, at.omega, array);
        }
    }
}
