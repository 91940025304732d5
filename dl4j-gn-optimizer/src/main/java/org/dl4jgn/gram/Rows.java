package org.dl4jgn.gram;

import java.util.List;
import java.util.function.LongToDoubleFunction;
import org.dl4jgn.linalg.Span;
import org.dl4jgn.plan.Program;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The n rows of R = SᵀJ at one point, in whatever form, and what they make of the loss: with Q = SSᵀ and the residual r,
 *
 * <pre>H − D = (1/N)RᵀR,    g − Dθ = (1/N)Jᵀr.</pre>
 *
 * <p>All that {@link ExactSystem}s know of a model. Vectors v over the parameters are [d] and of {@link #vectorType}; vectors y
 * over the rows are [n, 1] and of {@link #type}, in which the rows' own arithmetic is. Arguments are the caller's and are changed
 * only where that is said. Programs that are given are appended to when a system is made, and run whenever a point was
 * loaded.
 */
interface Rows extends Loadable {

    /** The type of R, of its Gram matrix and of vectors over its rows. */
    DataType type();

    /** The type of vectors over the parameters. */
    DataType vectorType();

    /** n. */
    long count();

    /** Those of the n rows that are not zero whatever the parameters are, in order: all but masked ones; null for all. */
    default int @Nullable [] counted() {
        return null;
    }

    /** Rows that belong together, so that rows are written in multiples of so many: those of an example. */
    long group();

    /** d. */
    long dimension();

    /** N. */
    double normalizer();

    /** The parts of the parameter vector within which a diagonal has to be constant for {@link #weigh}; they tile it. */
    List<Span> parts();

    /**
     * w with r = Sw, [n, 1], to be read only; null if there is none or only one that is so large that digits would be
     * lost, as where an output is certain and wrong, or Q = 0.
     */
    @Nullable
    INDArray preimage();

    /** Sets P⁻¹ for {@link #appendGram} and {@link #productWithResidual}, given its element for a parameter's index. */
    void weigh(LongToDoubleFunction inverse);

    /**
     * Appends {@code matrix ← R P⁻¹ Rᵀ}.
     *
     * @param matrix [n, n]; only the lower triangle, column ≤ row, is needed, the rest is then undefined
     * @param room scratch of {@link #gramRoom} elements
     */
    void appendGram(Program program, INDArray matrix, INDArray room);

    /**
     * {@code matrix ← R P⁻¹ Rᵀ} of the {@link #counted} rows alone, where that can be had without the others.
     *
     * @param matrix [k, k], from the start of its memory; only the lower triangle is written
     * @param room scratch of {@link #gramRoom} elements
     * @return false if all rows have to be formed; nothing was changed then
     */
    default boolean formGramOfCounted(int[] counted, INDArray matrix, INDArray room) {
        return false;
    }

    /** Elements of scratch for {@link #appendGram}. */
    long gramRoom();

    /**
     * Appends that some rows of R are written.
     *
     * @param first first row, a multiple of {@link #group}
     * @param count number of rows, a multiple of {@link #group}
     * @param target [count, d], c order, from the start of its memory
     */
    void appendRows(Program program, long first, long count, INDArray target);

    /** {@code y ← R P⁻¹ Jᵀr}; only where {@link #preimage} is null. */
    void productWithResidual(INDArray y);

    /** {@code y ← Rv}. */
    void apply(INDArray v, INDArray y);

    /** {@code v ← Rᵀy}. */
    void transposed(INDArray y, INDArray v);

    /** {@code v ← v + αRᵀy}. */
    void addTransposed(double alpha, INDArray y, INDArray v);

    /** Whether {@link #transposed} is of what was taken in, so that the model may have moved on; products of v never are. */
    boolean isTransposedAnywhere();

    /** {@code v ← Jᵀ(r/N − Sy)}. */
    void transposedRest(INDArray y, INDArray v);

    /** {@code v ← (1/N)Jᵀr}, the gradient without Dθ. */
    void gradient(INDArray v);
}
