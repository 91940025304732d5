package org.dl4jgn.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** All tolerances of the tests, and how they are applied: relative, in the Euclidean norm. */
public final class Tolerances {

    /** Loss, gradient and products against the golden vectors. */
    public static final double DOUBLE = 1e-9;

    public static final double FLOAT = 1e-4;

    /** Directions after several iterations in float32. */
    public static final double FLOAT_DIRECTION = 1e-2;

    /** Central differences with step 1e-5 or so in float64. */
    public static final double FINITE_DIFFERENCE = 1e-6;

    /** The same quantity computed in two ways in float64. */
    public static final double ROUNDING = 1e-11;

    /** The same sums in float64 with zeros between their terms. */
    public static final double PADDING = 1e-12;

    /** Single numbers against their exact value: exp(z) is known to |z| times the unit roundoff, z to 700 or 88. */
    private static final double DOUBLE_ELEMENT = 1e-13;

    private static final double FLOAT_ELEMENT = 1e-5;

    private Tolerances() {}

    public static double products(DataType type) {
        return type == DataType.DOUBLE ? DOUBLE : FLOAT;
    }

    public static double elements(DataType type) {
        return type == DataType.DOUBLE ? DOUBLE_ELEMENT : FLOAT_ELEMENT;
    }

    public static double directions(DataType type) {
        return type == DataType.DOUBLE ? DOUBLE : FLOAT_DIRECTION;
    }

    public static double relativeError(INDArray expected, INDArray actual) {
        INDArray e = expected.castTo(DataType.DOUBLE);
        INDArray a = actual.castTo(DataType.DOUBLE);
        double norm = e.norm2Number().doubleValue();
        return a.sub(e).norm2Number().doubleValue() / (norm == 0 ? 1 : norm);
    }

    public static void assertClose(INDArray expected, INDArray actual, double tolerance, String what) {
        assertEquals(Arrays.toString(expected.shape()), Arrays.toString(actual.shape()), () -> "shape of " + what);
        double error = relativeError(expected, actual);
        assertTrue(error <= tolerance, () -> what + ": relative error " + error + " exceeds " + tolerance);
    }

    public static void assertClose(double expected, double actual, double tolerance, String what) {
        assertEquals(expected, actual, tolerance * Math.max(1e-300, Math.abs(expected)), what);
    }
}
