package org.dl4jgn.spark.testing;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** All tolerances of this module's tests: relative, in the Euclidean norm. */
public final class ClusterTolerances {

    /** A direction on a cluster against the same on one machine: sums in another order, carried through ten iterations. */
    private static final double DOUBLE = 1e-10;

    private static final double FLOAT = 1e-4;

    /** Parameters after some steps in double, each of which builds on the one before. */
    public static final double TRAININGS = 1e-8;

    private ClusterTolerances() {}

    /** Of directions. */
    public static double directions(DataType type) {
        return type == DataType.DOUBLE ? DOUBLE : FLOAT;
    }

    /** ‖actual − expected‖ / ‖expected‖. */
    public static double relativeError(INDArray expected, INDArray actual) {
        INDArray e = expected.castTo(DataType.DOUBLE);
        return actual.castTo(DataType.DOUBLE).sub(e).norm2Number().doubleValue()
                / e.norm2Number().doubleValue();
    }
}
