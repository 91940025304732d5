package org.dl4jgn.network;

import static org.dl4jgn.network.CheckedArrays.converted;
import static org.dl4jgn.network.CheckedArrays.present;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.LongStream;
import org.dl4jgn.linalg.HostMatrix;
import org.dl4jgn.linalg.HostMemory;
import org.dl4jgn.translate.BatchShape;
import org.dl4jgn.translate.FeatureFormat;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * What a network reads of a mini-batch beside labels, checked, of the network's data type. All that is needed to find or make
 * the network that is compiled for it.
 *
 * @param shape how many examples of which shapes
 * @param features of each input [b, n], dense, row by row: each example element after element
 * @param masks masks of the features [b, n], zeros and ones; null for an input without one
 * @param padding steps at the end of each sequence that the mini-batch does not have, see {@link SequencePadding}
 */
public record BatchInputs(BatchShape shape, List<INDArray> features, List<@Nullable INDArray> masks, long padding) {

    /** Dimensions of an example that is a sequence: numbers and steps. */
    private static final int SEQUENCE_RANK = 2;

    /**
     * Checks shapes and values of the features, and that there are labels.
     *
     * @param formats what the network takes
     * @throws IllegalArgumentException naming what is wrong and where
     */
    public static BatchInputs checked(MiniBatch batch, List<FeatureFormat> formats, DataType type) {
        requirePresent(batch, formats.size());
        long b = 0;
        List<List<Long>> examples = new ArrayList<>();
        Set<Integer> masked = new HashSet<>();
        List<INDArray> features = new ArrayList<>();
        List<@Nullable INDArray> masks = new ArrayList<>();
        for (int i = 0; i < formats.size(); i++) {
            String what = name("Features", i, formats.size());
            INDArray given = present(what, batch.features().get(i));
            examples.add(
                    LongStream.of(formats.get(i).example(given.shape())).boxed().toList());
            b = sameSize(i == 0 ? given.size(0) : b, given, what);
            INDArray dense = converted(given, type);
            CheckedArrays.requireFinite(what, dense);
            formats.get(i).requireValues(dense);
            features.add(dense.rank() == 2 ? dense : dense.reshape('c', b, dense.length() / b));
            INDArray mask = batch.featureMask(i);
            String whose = name("The feature mask", i, formats.size());
            masks.add(mask == null ? null : mask(whose, mask, given, formats.get(i), type));
            if (mask != null) {
                masked.add(i);
            }
        }
        return new BatchInputs(new BatchShape(b, examples, masked, false), features, masks, 0);
    }

    private static void requirePresent(MiniBatch batch, int inputs) {
        if (batch.features().size() != inputs) {
            throw new IllegalArgumentException("The network has " + inputs + " inputs, got features for "
                    + batch.features().size());
        }
        for (int i = 0; i < inputs; i++) {
            present(name("Features", i, inputs), batch.features().get(i));
        }
        int outputs = batch.labels().size();
        for (int i = 0; i < outputs; i++) {
            INDArray labels = present(name("Labels", i, outputs), batch.labels().get(i));
            for (int j = 0; j < inputs; j++) {
                requireNotEmpty(
                        present(name("Features", j, inputs), batch.features().get(j)), labels);
            }
        }
    }

    private static void requireNotEmpty(INDArray features, INDArray labels) {
        if (features.isEmpty() || labels.isEmpty()) {
            throw new IllegalArgumentException("The batch is empty: features have shape "
                    + Arrays.toString(features.shape()) + ", labels " + Arrays.toString(labels.shape())
                    + "; at least one example is needed");
        }
    }

    private static long sameSize(long b, INDArray given, String what) {
        if (given.size(0) != b) {
            throw new IllegalArgumentException(what + " have " + given.size(0) + " examples, those of the first input "
                    + b + "; all inputs must have as many");
        }
        return b;
    }

    private static INDArray mask(String what, INDArray mask, INDArray features, FeatureFormat format, DataType type) {
        int axis = format.stepsAxis(format.example(features.shape()));
        boolean isForSteps = mask.rank() == 2 && mask.size(0) == features.size(0);
        if (!isForSteps || axis >= 0 && mask.size(1) != features.size(axis + 1)) {
            throw new IllegalArgumentException(what + " must have shape [" + features.size(0) + ", "
                    + (axis < 0 ? "steps" : features.size(axis + 1)) + "], got " + Arrays.toString(mask.shape()));
        }
        CheckedArrays.requireBinary(what, mask);
        return converted(mask, type);
    }

    /** How messages name an array: with its number where there are several. */
    static String name(String what, int index, int count) {
        return count == 1 ? what : what + " " + index;
    }

    /** Whether parts of it are inputs of the same kind, see {@link Batch#hasParts}. */
    boolean hasParts() {
        return masks.stream().allMatch(Objects::isNull)
                && shape.examples().stream().allMatch(example -> example.size() != SEQUENCE_RANK);
    }

    /** The shape of a part. */
    public BatchShape partShape(int parts) {
        return shape.ofSize(size() / parts);
    }

    /** See {@link Batch#part}. */
    BatchInputs part(int index, int parts, List<INDArray> dense) {
        for (int i = 0; i < features.size(); i++) {
            copyRows(features.get(i), index, parts, dense.get(i));
        }
        return new BatchInputs(partShape(parts), dense, masks, padding);
    }

    /** {@code dense} ← {@link #rows}: row by row, where {@code assign} of a view with strides takes three times as long. */
    private static void copyRows(INDArray array, int index, int parts, INDArray dense) {
        boolean isDense = array.rank() == 2
                && array.ordering() == 'c'
                && array.stride(1) == 1
                && array.stride(0) == array.size(1)
                && array.dataType() == dense.dataType();
        if (!isDense || !HostMemory.isAddressable()) {
            dense.assign(rows(array, index, parts));
            return;
        }
        HostMatrix from = new HostMatrix(array);
        HostMatrix to = new HostMatrix(dense);
        long n = array.size(1);
        for (long i = 0; i < dense.size(0); i++) {
            from.copy((index + i * parts) * n, to, i * n, n);
        }
    }

    /** The rows {@code index}, {@code index + parts}, ..., as many as all parts have. */
    static INDArray rows(INDArray array, int index, int parts) {
        INDArray table = array.rank() == 1 ? array.reshape(array.length(), 1) : array;
        long count = table.size(0) / parts;
        return table.get(NDArrayIndex.interval(index, parts, index + parts * (count - 1) + 1), NDArrayIndex.all());
    }

    /** b. */
    public long size() {
        return shape.size();
    }
}
