package org.dl4jgn.gram;

import java.util.List;

/**
 * A way to solve (H + λI)Δ = −g + a through the rows of H: it makes systems, and knows what they cost.
 *
 * <p>A new one is an {@link ExactSystem} with its method, and an entry in {@link #ALL}.
 */
interface ExactMethod {

    /** All methods; where two cost the same, the first is to be preferred. */
    List<ExactMethod> ALL = List.of(GramSystem.METHOD, ParameterSystem.METHOD);

    /** Its name, for reports. */
    String name();

    /** The same method, whose systems keep what they form for another λ at the same point. */
    ExactMethod keeping();

    /** Whether rows that are zero in a suitable basis are to be left out: of use where the rows are those of the matrix. */
    boolean reducesRows();

    /** Rows of the matrix that is factored. */
    long size(RowCosts rows);

    /** Multiplications to form and factor the matrix once, as {@link RowCosts} counts them. */
    double work(RowCosts rows);

    /** Bytes of the matrix and what it is formed through, without the rows; an upper bound. */
    long bytes(RowCosts rows, int width);

    /** A system on rows, which it closes. */
    ExactSystem make(Rows rows);
}
