package org.dl4jgn.gram;

/**
 * What rows of R = SᵀJ are and take, from which a {@link ExactMethod} knows its own cost before anything is made.
 *
 * <p>Work is in multiplications; element-wise passes count as the {@value #PASSES} multiplications that take their time.
 *
 * @param examples b
 * @param outputs c
 * @param rank q ≤ c, the rows of an example if those that are zero for any z are left out
 * @param counted n ≤ bq, the rows of all examples without those of a masked loss
 * @param dimension d
 * @param elementWork work of one element of the Gram matrix
 * @param formingWork work to form whatever the rows are known by
 * @param gramRoom elements of scratch for the Gram matrix
 */
record RowCosts(
        long examples,
        long outputs,
        long rank,
        long counted,
        long dimension,
        double elementWork,
        double formingWork,
        long gramRoom) {

    /** The multiplications that take the time of an element-wise pass. */
    static final int PASSES = 32;
}
