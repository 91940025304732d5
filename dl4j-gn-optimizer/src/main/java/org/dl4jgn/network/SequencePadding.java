package org.dl4jgn.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.dl4jgn.translate.BatchShape;
import org.dl4jgn.translate.FeatureFormat;
import org.dl4jgn.translate.LayerOutput;
import org.dl4jgn.translate.NetworkHead;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Sequences of a mini-batch made longer at their end: features by zeros, labels by those of the last step, which are labels that
 * the loss takes, and masks of both by zeros, so that the steps do not count.
 */
public final class SequencePadding {

    private static final int NONE = -1;

    private final BatchInputs inputs;
    private final MiniBatch given;
    private final List<NetworkHead> heads;
    private final int[] axes;
    private final long steps;

    /**
     * Looks at a mini-batch.
     *
     * @param inputs its features, checked
     * @param given the mini-batch, of which labels are not checked
     * @param formats what the network takes
     * @param heads those of the network, for whatever number of steps
     */
    public SequencePadding(BatchInputs inputs, MiniBatch given, List<FeatureFormat> formats, List<NetworkHead> heads) {
        this.inputs = inputs;
        this.given = given;
        this.heads = heads;
        axes = new int[formats.size()];
        Arrays.setAll(axes, i -> formats.get(i).stepsAxis(inputs.shape().example(i)));
        steps = commonSteps();
    }

    /** T of all sequences, or 0 if there are none, or several lengths, or labels and masks that do not fit. */
    public long steps() {
        return steps;
    }

    /** Whether the sequences have masks already. */
    public boolean hasMasks() {
        return !inputs.shape().masked().isEmpty();
    }

    private long commonSteps() {
        long common = 0;
        for (int i = 0; i < axes.length; i++) {
            boolean isMasked = inputs.shape().masked().contains(i);
            if (axes[i] == NONE) {
                if (isMasked) {
                    return 0;
                }
                continue;
            }
            long own = inputs.shape().example(i)[axes[i]];
            if (common != 0 && common != own
                    || isMasked != hasMasks()
                    || isMasked && !isSeen(inputs.masks().get(i), own)) {
                return 0;
            }
            common = own;
        }
        return common != 0 && labelsFit(common) ? common : 0;
    }

    /** Whether each example has a step that is there, which then is the last one, or the largest, with further steps as well. */
    private static boolean isSeen(@Nullable INDArray mask, long steps) {
        return mask != null && mask.size(1) == steps && mask.sum(1).minNumber().doubleValue() > 0;
    }

    private boolean labelsFit(long common) {
        if (given.labels().size() != heads.size()) {
            return false;
        }
        for (int i = 0; i < heads.size(); i++) {
            INDArray y = given.labels().get(i);
            if (y == null || isOfSteps(i) && !fits(y, common, i)) {
                return false;
            }
        }
        return true;
    }

    private boolean isOfSteps(int head) {
        return heads.get(head).output().shape().length == 2;
    }

    /** The dimension of labels that counts steps. */
    private int axis(int head) {
        return heads.get(head).output().channelsFirst() ? 2 : 1;
    }

    private boolean fits(INDArray y, long common, int head) {
        INDArray mask = given.labelMask(head);
        boolean hasSteps = y.rank() == 3 && y.size(0) == inputs.size() && y.size(axis(head)) == common;
        boolean hasFlags = mask == null
                || CheckedArrays.hasShape(mask, inputs.size(), common)
                || mask.rank() == 3 && mask.size(0) == inputs.size() && mask.size(axis(head)) == common;
        return hasSteps && hasFlags;
    }

    /** The features with T′ steps. */
    public BatchInputs inputs(long to) {
        List<List<Long>> examples = new ArrayList<>(inputs.shape().examples());
        List<INDArray> features = new ArrayList<>(inputs.features());
        List<@Nullable INDArray> masks = new ArrayList<>(inputs.masks());
        Set<Integer> masked = new HashSet<>();
        long b = inputs.size();
        for (int i = 0; i < axes.length; i++) {
            if (axes[i] == NONE) {
                continue;
            }
            long[] example = inputs.shape().example(i);
            INDArray own = features.get(i);
            INDArray longer = longer(own.reshape('c', withBatch(b, example)), axes[i] + 1, to);
            features.set(i, longer.reshape('c', b, longer.length() / b));
            INDArray mask = masks.get(i);
            masks.set(i, longer(mask == null ? Nd4j.ones(own.dataType(), b, steps) : mask, 1, to));
            masked.add(i);
            example[axes[i]] = to;
            examples.set(i, Arrays.stream(example).boxed().toList());
        }
        BatchShape shape = new BatchShape(b, examples, masked, !hasMasks());
        return new BatchInputs(shape, features, masks, to - steps);
    }

    private static long[] withBatch(long b, long[] example) {
        long[] shape = new long[example.length + 1];
        shape[0] = b;
        System.arraycopy(example, 0, shape, 1, example.length);
        return shape;
    }

    /** Labels with T′ steps, and masks of them; the rest of the mini-batch as it is. */
    public MiniBatch given(long to) {
        List<@Nullable INDArray> labels = new ArrayList<>(given.labels());
        List<@Nullable INDArray> masks = new ArrayList<>();
        for (int i = 0; i < heads.size(); i++) {
            INDArray y = labels.get(i);
            INDArray mask = given.labelMask(i);
            if (y != null && isOfSteps(i)) {
                labels.set(i, withLastStep(y, axis(i), to));
                INDArray flags = mask == null ? Nd4j.ones(y.dataType(), inputs.size(), steps) : mask;
                mask = longer(flags, flags.rank() == 2 ? 1 : axis(i), to);
            }
            masks.add(mask);
        }
        return new MiniBatch(given.features(), given.featureMasks(), labels, masks);
    }

    private INDArray longer(INDArray array, int axis, long to) {
        if (to == steps) {
            return array;
        }
        long[] rest = array.shape().clone();
        rest[axis] = to - steps;
        return Nd4j.concat(axis, array, Nd4j.zeros(array.dataType(), rest));
    }

    private INDArray withLastStep(INDArray y, int axis, long to) {
        if (to == steps) {
            return y;
        }
        INDArrayIndex[] last = {NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.all()};
        last[axis] = NDArrayIndex.interval(steps - 1, steps);
        long[] rest = y.shape().clone();
        rest[axis] = to - steps;
        return Nd4j.concat(axis, y, y.get(last).dup('c').broadcast(rest));
    }

    /**
     * What a network that was given padded sequences computes at the steps that the mini-batch has.
     *
     * @param output where the array comes from
     * @param array as DL4J has it, [b, ...]
     * @param b number of examples
     * @param padding steps at the end that it does not have
     */
    static INDArray trimmed(LayerOutput output, INDArray array, long b, long padding) {
        if (padding == 0) {
            return array;
        }
        if (output.shape().length == 2) {
            int axis = output.channelsFirst() ? 2 : 1;
            INDArrayIndex[] there = {NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.all()};
            there[axis] = NDArrayIndex.interval(0, array.size(axis) - padding);
            return array.get(there);
        }
        if (array.rank() != 2 || array.size(0) == b) {
            return array;
        }
        // steps that count as examples, those of an example one after the other
        long steps = array.size(0) / b;
        return array.reshape('c', b, steps, array.size(1))
                .get(NDArrayIndex.all(), NDArrayIndex.interval(0, steps - padding), NDArrayIndex.all())
                .dup('c')
                .reshape('c', b * (steps - padding), array.size(1));
    }
}
