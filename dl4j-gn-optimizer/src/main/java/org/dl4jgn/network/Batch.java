package org.dl4jgn.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.dl4jgn.linalg.HostVectors;
import org.dl4jgn.translate.NetworkHead;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A mini-batch, checked, of the network's data type.
 *
 * <p>Rows, examples and the normalizer are three numbers: a head has one row for each position of an example, and the loss is
 * Σ ℓ over all rows of all heads, over N.
 *
 * @param inputs what the network reads
 * @param labels of each head [rows, c], dense, row by row; or [rows, 1] class indices for a sparse loss
 * @param masks of each head null, [rows, 1] or [rows, c], zeros and ones
 * @param normalizer N of (1/N) Σ ℓ; DL4J's is b, whatever there is of an example
 */
public record Batch(BatchInputs inputs, List<INDArray> labels, List<@Nullable INDArray> masks, double normalizer) {

    /** Of the whole numbers that a double holds. */
    private static final int EXACT_BITS = 53;

    private static final int ROTATION = 23;

    /** 2^64 over the golden ratio. */
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    /**
     * Checks shapes and values of labels and their masks.
     *
     * @param heads those of the network for these inputs
     * @param normalizer N
     * @throws IllegalArgumentException naming what is wrong and where
     */
    public static Batch checked(
            BatchInputs inputs, MiniBatch given, List<NetworkHead> heads, DataType type, double normalizer) {
        int outputs = heads.size();
        if (given.labels().size() != outputs) {
            throw new IllegalArgumentException("The network has " + outputs + " outputs, got labels for "
                    + given.labels().size());
        }
        List<INDArray> labels = new ArrayList<>();
        List<@Nullable INDArray> masks = new ArrayList<>();
        for (int i = 0; i < outputs; i++) {
            HeadFormat format = HeadFormat.of(heads.get(i));
            INDArray y = CheckedArrays.present(
                    BatchInputs.name("Labels", i, outputs), given.labels().get(i));
            format.requireLabels(BatchInputs.name("Labels", i, outputs), y);
            INDArray mask = given.labelMask(i);
            masks.add(mask == null ? null : format.mask(BatchInputs.name("The label mask", i, outputs), mask));
            labels.add(format.labels(BatchInputs.name("Labels", i, outputs), y, type));
        }
        return new Batch(inputs, labels, masks, normalizer);
    }

    /**
     * Whether parts of it are batches of the same kind: one row of each head for each example, none of them masked features or
     * sequences, whose networks may carry a state from batch to batch.
     */
    public boolean hasParts() {
        return inputs.hasParts() && labels.stream().allMatch(y -> y.size(0) == size());
    }

    /**
     * The examples {@code index}, {@code index + parts}, ..., as many as all parts have, over as much less as they are fewer; labels and masks are
     * views of this batch's.
     *
     * @param dense arrays for the features, [b / parts, n] of each input, overwritten
     */
    public Batch part(int index, int parts, List<INDArray> dense) {
        BatchInputs part = inputs.part(index, parts, dense);
        List<@Nullable INDArray> rows = new ArrayList<>();
        for (INDArray mask : masks) {
            rows.add(mask == null ? null : BatchInputs.rows(mask, index, parts));
        }
        return new Batch(
                part,
                labels.stream().map(y -> BatchInputs.rows(y, index, parts)).toList(),
                rows,
                normalizer * part.size() / size());
    }

    /** Which heads have a mask. */
    public List<Boolean> masked() {
        return masks.stream().map(mask -> mask != null).toList();
    }

    /** A number from all labels and the features of the first and the last example, see {@link org.dl4jgn.problem.Problem#fingerprint}. */
    public double fingerprint() {
        long hash = size();
        for (INDArray y : labels) {
            INDArray dense = y.isView() ? y.dup('c') : y;
            hash = mixed(hash, HostVectors.toArray(dense));
        }
        for (INDArray x : inputs.features()) {
            int example = Math.toIntExact(x.length() / size());
            hash = mixed(hash, HostVectors.toArray(x, 0, example));
            hash = mixed(hash, HostVectors.toArray(x, x.length() - example, example));
        }
        return hash >>> (Long.SIZE - EXACT_BITS);
    }

    private static long mixed(long hash, double[] values) {
        long result = hash;
        for (double value : values) {
            result = Long.rotateLeft(result ^ Double.doubleToRawLongBits(value), ROTATION) * MULTIPLIER;
        }
        return result;
    }

    /** b. */
    public long size() {
        return inputs.size();
    }

    /** Which heads have a mask, as far as that can be told before labels are checked. */
    public static List<Boolean> masked(MiniBatch given) {
        List<Boolean> masked = new ArrayList<>();
        for (int i = 0; i < given.labels().size(); i++) {
            masked.add(given.labelMask(i) != null);
        }
        return masked;
    }

    @Override
    public String toString() {
        return "Batch of " + size() + " examples "
                + Arrays.toString(inputs.features().get(0).shape());
    }
}
