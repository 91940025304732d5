package org.dl4jgn.gram;

import java.util.Optional;
import java.util.function.LongToDoubleFunction;
import org.dl4jgn.plan.Program;
import org.dl4jgn.problem.LayerFactors;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The columns of the Jacobian that belong to one layer, known by the cotangents of the layer's output: products with
 * them, without forming them.
 *
 * <p>The columns are linear in the cotangents, so a matrix times J is this block with other cotangents: rows of {@link
 * #cotangents} may be mixed in place, as by Sᵀ. All arrays are of the type of the system that is assembled. Row i·c + k
 * belongs to example i and output k; after Sᵀ each example keeps its first q rows, which move up, so that there are b·q.
 */
interface JacobianBlock extends AutoCloseable {

    /** Takes cotangents and forward values of the current linearization point in. */
    void load();

    /** The cotangents, [b·c, m]; may be changed between {@link #load} and what is computed of them. */
    INDArray cotangents();

    /**
     * Appends to {@code program} that the block takes J_Bᵀr, in whatever form {@link #product} needs it, of the
     * cotangents as they are then.
     *
     * @param residual r, [b, c]
     */
    void appendProjection(Program program, INDArray residual);

    /** Sets P⁻¹, given for a parameter's index; it is constant within each parameter array of the block. */
    void weigh(LongToDoubleFunction inverse);

    /** (SᵀJ_B) P⁻¹ (J_Bᵀr) for the r of the last projection, [b·q, 1]; the block's own, until the next call. */
    INDArray product();

    /**
     * Appends to {@code program} that the block's share J_B P⁻¹ J_Bᵀ is added to rows of the Gram matrix.
     *
     * @param first first example of the rows
     * @param examples number of examples
     * @param rows [examples·q, columns], dense: the first columns of the Gram matrix, all of them or up to an example's last
     * @param room scratch vector of at least {@value #ROOMS} times as many elements
     * @param fresh whether to overwrite {@code rows} instead
     */
    void appendGram(Program program, long first, long examples, INDArray rows, INDArray room, boolean fresh);

    /**
     * Adds the block's share to the Gram matrix of some rows alone, of the P⁻¹ that was set; only where {@link
     * org.dl4jgn.linalg.HostMatrix#isAvailable}. Nothing is prepared for it: which rows count is known with the batch.
     */
    void addGram(KeptGram gram);

    /** Scratch for {@link #appendGram}, in elements for each element of its rows. */
    int ROOMS = 3;

    /**
     * Appends to {@code program} that the block's columns, in working order, are written into rows of the Jacobian; where
     * rows are mixed, only if each example keeps all of its c.
     *
     * @param first first example of the rows
     * @param examples number of examples
     * @param jacobian [examples·c, d], dense, from the start of its memory
     */
    void appendColumns(Program program, long first, long examples, INDArray jacobian);

    /**
     * Appends to {@code program} that the row vectors J_Bᵢᵀrᵢ of all examples i, in working order, are written, for the r
     * of the last projection.
     *
     * @param jacobian [b, d], dense, from the start of its memory
     */
    void appendProjected(Program program, INDArray jacobian);

    /** Whether there is {@link #appendTransposed}: where a row is one product of inputs and cotangents. */
    default boolean hasTransposed() {
        return false;
    }

    /**
     * Appends to {@code program} that {@code v ← v + (SᵀJ_B)ᵀy}, of what was taken in, wherever the network stands then.
     *
     * @param y [b, q]
     * @param v [d] in working order, of the block's type
     */
    default void appendTransposed(Program program, INDArray y, INDArray v) {
        throw new UnsupportedOperationException(
                "No transposed product of " + getClass().getSimpleName());
    }

    /**
     * The columns as products of inputs and cotangents; the arrays are the block's own. Empty where a row is a sum of such
     * products, one for each position or step.
     */
    default Optional<LayerFactors> factors() {
        return Optional.empty();
    }

    /** Bytes that the block allocated. */
    long bytes();

    @Override
    void close();
}
