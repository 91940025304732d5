package org.dl4jgn.problem;

import org.nd4j.linalg.api.ndarray.INDArray;

/** Where a loss has no derivative: at zero of some parameters. A step from a point stays in the region where its model holds. */
public interface Kinks {

    /** {@code next ←} the nearest point of the region of the point where the problem was linearized last. */
    void confine(INDArray next);

    /** Makes zero in {@code to} what is zero in {@code from} because of a kink. */
    void copyZeros(INDArray from, INDArray to);
}
