package org.dl4jgn.problem;

import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A loss L(θ) over θ ∈ ℝᵈ that is to be made small, with a Gauss-Newton matrix: all that directions, searches and damping
 * know of what is trained.
 *
 * <p>For data, L(θ) = (1/N) Σᵢ ℓ(f(xᵢ; θ), yᵢ) with the problem's own normalizer N; a problem with ½θᵀDθ added is {@link
 * RegularizedProblem}, a sum of problems {@link SumProblem}: neither 1/N nor D is anywhere else, so that sums repeat
 * neither. Whatever is random in f is drawn once for a problem.
 *
 * <p>Vectors are dense, of shape [d] and the problem's type, and the caller's: a problem keeps none. A problem belongs to one
 * thread at a time.
 */
public interface Problem {

    /** d. */
    long dimension();

    /** The type of vectors and arithmetic, float or double. */
    DataType dataType();

    /** A zero vector of length d that is the caller's to close, outside of any workspace. */
    default INDArray newVector() {
        return Nd4j.createUninitializedDetached(dataType(), dimension()).assign(0.0);
    }

    /** L(θ); not finite if it overflows. Cost: one forward pass. */
    double value(INDArray theta);

    /** L(base + step·direction); not finite if it overflows. Cost: one forward pass. */
    double value(INDArray base, double step, INDArray direction);

    /**
     * The linearization at θ. Cost: one forward and one backward pass.
     *
     * @return the point, valid until this method is called again or the problem ends; {@link #value} leaves it valid
     */
    Point linearize(INDArray theta);

    /**
     * Says what will be asked next, where that is known: {@link #value(INDArray)} at {@code before}, then the linearization at
     * {@code theta}, then its product with what {@code vector} gives. No answer depends on it. Where a question is a round between
     * machines, they can all be answered by one; by default nothing happens.
     *
     * @param before null for no value
     * @param vector computes it for whoever wants to know; empty where the first product is not known before the gradient is
     */
    default void announce(@Nullable INDArray before, INDArray theta, Supplier<Optional<INDArray>> vector) {}

    /** b, the number of examples that it is a mean of; 1 where it is of none. */
    default long examples() {
        return 1;
    }

    /** c, the number of outputs of an example. */
    default long outputs() {
        return 1;
    }

    /**
     * The problem of the examples {@code index}, {@code index + shares}, {@code index + 2·shares}, ..., their mean, with the
     * same D: an estimate of this one's curvature at a part of its cost. Both problems' points are valid together.
     *
     * @return empty if the examples are not independent of each other, or if it has no shares
     */
    default Optional<Problem> share(int index, int shares) {
        return Optional.empty();
    }

    /**
     * A number that tells these examples from others: the same for the same ones in the same order, and for others only by
     * an accident that nobody sees. Not a number where they can be told apart by their loss alone.
     */
    default double fingerprint() {
        return Double.NaN;
    }

    /** Where the loss has no derivative, if it has such places; null for a smooth one. */
    default @Nullable Kinks kinks() {
        return null;
    }
}
