package org.dl4jgn.loss;

import org.dl4jgn.plan.Program;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A loss that is a sum over the elements of the output, Σᵢₖ ωᵢₖ ℓ(oᵢₖ, yᵢₖ), as a function of the output o; whoever uses
 * it multiplies with the derivative of the activation.
 *
 * <p>A loss of your own: the constructor appends to {@link #evaluate} what {@link #sum} reads, and to {@link #differentiate}
 * what writes ωℓ′ and ωℓ″; ω may be null. Arrays besides those given come from {@link Arrays#memory}, in the constructor, so
 * that evaluating allocates nothing. ℓ must be convex in o, so that ℓ″ ≥ 0.
 */
public abstract class PointwiseLoss {

    /**
     * Arrays of one batch size, all [b, c].
     *
     * @param o outputs
     * @param y labels
     * @param omega DL4J's loss weights and masks ω, or null where there are none
     * @param first where ωℓ′ goes; scratch for {@link #evaluate}
     * @param second where ωℓ″ goes; not to be touched by {@link #evaluate}
     * @param memory owns what the loss allocates
     */
    public record Arrays(
            INDArray o, INDArray y, @Nullable INDArray omega, INDArray first, INDArray second, LossMemory memory) {}

    /** Makes the loss on given arrays. */
    @FunctionalInterface
    public interface Factory {
        PointwiseLoss create(Arrays arrays);
    }

    /** The arrays that the loss is bound to. */
    protected final Arrays at;

    /** Computes what {@link #sum} reads; to be run by it. */
    protected final Program evaluate;

    /** Writes {@link Arrays#first} and {@link Arrays#second} at o. */
    protected final Program differentiate;

    /** A loss on {@code at}. */
    protected PointwiseLoss(Arrays at) {
        this.at = at;
        evaluate = at.memory.program();
        differentiate = at.memory.program();
    }

    /** Σᵢₖ ωᵢₖ ℓ(oᵢₖ, yᵢₖ), exact. */
    public abstract double sum();

    /**
     * The same as DL4J's score has it.
     *
     * @param sum the exact sum at o, the answer where the two do not differ
     */
    protected double reported(double sum) {
        return sum;
    }

    /** Σᵢₖ ωᵢₖ inf ℓ(o, yᵢₖ) over all o; 0 where there is no such bound. */
    protected double least() {
        return 0;
    }

    /** Computes what depends on labels and weights alone. */
    protected void prepareLabels() {}

    /** Appends {@code array ← ω∘array}, nothing where there are no weights. */
    protected final void weigh(Program program, INDArray array) {
        if (at.omega != null) {
            program.multiply(array, at.omega, array);
        }
    }
}
