package org.dl4jgn.network;

import java.util.Arrays;
import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.translate.FeatureFormat;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A mini-batch, checked, of the network's data type.
 *
 * @param features [b, n], dense, row by row: each example element after element
 * @param example the shape of an example's features
 * @param labels [b, c], dense, row by row; or [b, 1] class indices for a sparse loss
 * @param mask null, [b, 1] or [b, c], zeros and ones
 */
public record Batch(
        INDArray features,
        long[] example,
        INDArray labels,
        @Nullable INDArray mask) {

    /**
     * What a network expects of its batches.
     *
     * @param features the shapes of features
     * @param outputs c
     * @param sparse labels are class indices
     * @param coupled each output depends on all pre-activations of its example, as with softmax
     * @param type the network's data type
     */
    public record Format(FeatureFormat features, long outputs, boolean sparse, boolean coupled, DataType type) {}

    /**
     * Checks shapes and values.
     *
     * @param format what the network takes
     * @throws IllegalArgumentException naming what is wrong and where
     */
    public static Batch checked(
            @Nullable INDArray features, @Nullable INDArray labels, @Nullable INDArray mask, Format format) {
        if (features == null || labels == null) {
            throw new IllegalArgumentException((features == null ? "Features are" : "Labels are") + " missing (null)");
        }
        if (features.wasClosed() || labels.wasClosed()) {
            // BLAS would read freed memory
            throw new IllegalArgumentException((features.wasClosed() ? "Features" : "Labels") + " were closed before");
        }
        if (features.isEmpty() || labels.isEmpty()) {
            throw new IllegalArgumentException("The batch is empty: features have shape "
                    + Arrays.toString(features.shape()) + ", labels " + Arrays.toString(labels.shape())
                    + "; at least one example is needed");
        }
        long[] example = format.features.example(features.shape());
        long b = features.size(0);
        boolean labelShape =
                labels.rank() == 2 && labels.size(0) == b && labels.size(1) == (format.sparse ? 1 : format.outputs)
                        || format.sparse && labels.rank() == 1 && labels.length() == b;
        if (!labelShape) {
            throw new IllegalArgumentException("Labels must have shape [" + b + ", "
                    + (format.sparse ? 1 : format.outputs) + "] to match the features and the output layer, got "
                    + Arrays.toString(labels.shape()));
        }
        checkMask(mask, b, format);
        INDArray dense = converted(features, format.type);
        requireFinite("Features", dense);
        format.features.requireValues(dense);
        Batch batch = new Batch(
                dense.rank() == 2 ? dense : dense.reshape('c', b, dense.length() / b),
                example,
                converted(labels, format.type),
                mask);
        requireFinite("Labels", batch.labels);
        if (format.sparse) {
            requireClasses(batch.labels, format.outputs);
        }
        return batch;
    }

    private static void checkMask(@Nullable INDArray mask, long b, Format format) {
        if (mask == null) {
            return;
        }
        boolean ofExamples = mask.rank() == 2 && mask.size(0) == b && mask.size(1) == 1;
        boolean ofOutputs = mask.rank() == 2 && mask.size(0) == b && mask.size(1) == format.outputs;
        if (!ofExamples && !ofOutputs) {
            throw new IllegalArgumentException("The label mask must have shape [" + b + ", 1] or [" + b + ", "
                    + format.outputs + "], got " + Arrays.toString(mask.shape()));
        }
        if (!ofExamples && format.coupled) {
            throw new IllegalArgumentException("A label mask of single outputs, " + Arrays.toString(mask.shape())
                    + ", does not go with a softmax output, where each output depends on all others; mask whole examples"
                    + " with shape [" + b + ", 1]");
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

    /**
     * The examples {@code index}, {@code index + parts}, ..., as many as all parts have; views of this batch's arrays.
     */
    public Batch part(int index, int parts) {
        return new Batch(
                rows(features, index, parts),
                example,
                rows(labels, index, parts),
                mask == null ? null : rows(mask, index, parts));
    }

    private static INDArray rows(INDArray array, int index, int parts) {
        INDArray table = array.rank() == 1 ? array.reshape(array.length(), 1) : array;
        long count = table.size(0) / parts;
        return table.get(NDArrayIndex.interval(index, parts, index + parts * (count - 1) + 1), NDArrayIndex.all());
    }

    /** This batch with its features copied into {@code dense}, of their shape. */
    public Batch in(INDArray dense) {
        return new Batch(dense.assign(features), example, labels, mask);
    }

    public long size() {
        return features.size(0);
    }
}
