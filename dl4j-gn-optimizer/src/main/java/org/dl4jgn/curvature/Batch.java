package org.dl4jgn.curvature;

import java.util.Arrays;
import org.dl4jgn.linalg.Vectors;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A mini-batch, checked, of the network's data type.
 *
 * @param features [b, nIn], dense, row by row
 * @param labels [b, c], dense, row by row; or [b, 1] class indices for a sparse loss
 * @param mask null, [b, 1] or [b, c], zeros and ones
 */
record Batch(INDArray features, INDArray labels, @Nullable INDArray mask) {

    /**
     * What a network takes.
     *
     * @param inputs nIn
     * @param outputs c
     * @param sparse whether labels are class indices
     * @param masksOutputs whether single outputs of an example can be masked
     * @param type data type
     */
    record Form(long inputs, long outputs, boolean sparse, boolean masksOutputs, DataType type) {}

    /**
     * Checks shapes and values.
     *
     * @throws IllegalArgumentException naming what is wrong and where
     */
    static Batch checked(@Nullable INDArray features, @Nullable INDArray labels, @Nullable INDArray mask, Form form) {
        if (features == null || labels == null) {
            throw new IllegalArgumentException((features == null ? "Features are" : "Labels are") + " missing (null)");
        }
        if (features.isEmpty() || labels.isEmpty()) {
            throw new IllegalArgumentException("The batch is empty: features have shape "
                    + Arrays.toString(features.shape()) + ", labels " + Arrays.toString(labels.shape())
                    + "; at least one example is needed");
        }
        if (features.rank() != 2 || features.size(1) != form.inputs) {
            throw new IllegalArgumentException(
                    "Features must have shape [batch, " + form.inputs + "], got " + Arrays.toString(features.shape()));
        }
        long b = features.size(0);
        long columns = form.sparse ? 1 : form.outputs;
        if (!isMatrix(labels, b, columns) && !(form.sparse && labels.rank() == 1 && labels.length() == b)) {
            throw new IllegalArgumentException("Labels must have shape [" + b + ", " + columns
                    + "] to match the features and the output layer, got " + Arrays.toString(labels.shape()));
        }
        if (mask != null) {
            checkMask(mask, b, form);
        }
        Batch batch = new Batch(converted(features, form.type), converted(labels, form.type), mask);
        requireFinite("Features", batch.features);
        requireFinite("Labels", batch.labels);
        if (form.sparse) {
            requireClasses(batch.labels, form.outputs);
        }
        return batch;
    }

    private static boolean isMatrix(INDArray array, long rows, long columns) {
        return array.rank() == 2 && array.size(0) == rows && array.size(1) == columns;
    }

    private static void checkMask(INDArray mask, long b, Form form) {
        if (!isMatrix(mask, b, 1) && !(form.masksOutputs && isMatrix(mask, b, form.outputs))) {
            throw new IllegalArgumentException("The label mask must have shape [" + b + ", 1]"
                    + (form.masksOutputs ? " or [" + b + ", " + form.outputs + "]" : "") + ", got "
                    + Arrays.toString(mask.shape()));
        }
        for (long i = 0; i < mask.length(); i++) {
            double m = mask.getDouble(i);
            if (m != 0 && m != 1) {
                throw invalid("The label mask", "zeros and ones", mask, i);
            }
        }
    }

    /** Checks as the network will see the numbers: a large double is infinite in float32. */
    private static void requireFinite(String what, INDArray array) {
        if (!Vectors.isFinite(array)) {
            throw invalid(what, "finite numbers of type " + array.dataType(), array, Vectors.firstNonFinite(array));
        }
    }

    private static void requireClasses(INDArray labels, long classes) {
        for (long i = 0; i < labels.length(); i++) {
            double label = labels.getDouble(i);
            if (label != Math.rint(label) || label < 0 || label >= classes) {
                throw invalid("Labels", "class indices from 0 to " + (classes - 1), labels, i);
            }
        }
    }

    private static IllegalArgumentException invalid(String what, String expected, INDArray array, long at) {
        long columns = array.length() / array.size(0);
        return new IllegalArgumentException(what + " must hold " + expected + ", got " + array.getDouble(at)
                + " in row " + at / columns + ", column " + at % columns + " of the batch");
    }

    /** The array as plans read it: dense, row by row, of the network's type; itself if it is so already. */
    private static INDArray converted(INDArray array, DataType type) {
        INDArray typed = array.castTo(type);
        return typed.ordering() == 'c' && !typed.isView() ? typed : typed.dup('c');
    }

    long size() {
        return features.size(0);
    }
}
