package org.dl4jgn.network;

import java.util.Arrays;
import org.dl4jgn.linalg.Vectors;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What is asked of every array of a mini-batch, and the sentences that say what is wrong with one. */
final class CheckedArrays {

    private CheckedArrays() {}

    /** Refuses an array that cannot be read. */
    static INDArray present(String what, @Nullable INDArray array) {
        if (array == null) {
            throw new IllegalArgumentException(what + " are missing (null)");
        }
        if (array.wasClosed()) {
            // BLAS would read freed memory
            throw new IllegalArgumentException(what + " were closed before");
        }
        if (!array.dataType().isNumerical() && array.dataType() != DataType.BOOL) {
            throw new IllegalArgumentException(what + " are of type " + array.dataType() + ", but must be numbers");
        }
        return array;
    }

    /** Refuses a mask of anything but zeros and ones. */
    static void requireBinary(String what, INDArray mask) {
        for (long i = 0; i < mask.length(); i++) {
            double m = mask.getDouble(i);
            if (m != 0 && m != 1) {
                throw invalid(what, "zeros and ones", mask, i);
            }
        }
    }

    /** Checks as the network will see the numbers: a large double is infinite in float32. */
    static void requireFinite(String what, INDArray array) {
        if (!Vectors.isFinite(array)) {
            throw invalid(what, "finite numbers of type " + array.dataType(), array, Vectors.firstNonFinite(array));
        }
    }

    static void requireClasses(String what, INDArray labels, long classes) {
        for (long i = 0; i < labels.length(); i++) {
            double label = labels.getDouble(i);
            if (label != Math.rint(label) || label < 0 || label >= classes) {
                throw invalid(what, "class indices from 0 to " + (classes - 1), labels, i);
            }
        }
    }

    private static IllegalArgumentException invalid(String what, String expected, INDArray array, long at) {
        long columns = array.length() / array.size(0);
        return new IllegalArgumentException(what + " must hold " + expected + ", got " + array.getDouble(at)
                + " in row " + at / columns + ", column " + at % columns + " of the batch");
    }

    /** The array as plans read it: dense, row by row, of the network's type; itself if it is so already. */
    static INDArray converted(INDArray array, DataType type) {
        INDArray typed = array.castTo(type);
        return typed.ordering() == 'c' && !typed.isView() ? typed : typed.dup('c');
    }

    static boolean hasShape(INDArray array, long... shape) {
        return Arrays.equals(array.shape(), shape);
    }
}
