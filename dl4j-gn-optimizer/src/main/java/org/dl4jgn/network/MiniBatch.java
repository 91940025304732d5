package org.dl4jgn.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A mini-batch as it was given to a network, nothing of it checked: one array for each input, and one for each output. An array
 * that is missing is null.
 *
 * @param features features of each input
 * @param featureMasks masks of features; null for an input without one, and an empty list for none at all
 * @param labels labels of each output
 * @param labelMasks masks of the loss; null for an output without one, and an empty list for none at all
 */
public record MiniBatch(
        List<@Nullable INDArray> features,
        List<@Nullable INDArray> featureMasks,
        List<@Nullable INDArray> labels,
        List<@Nullable INDArray> labelMasks) {

    /** One of a network with one input and one output. */
    public static MiniBatch of(@Nullable INDArray features, @Nullable INDArray labels, @Nullable INDArray labelMask) {
        return new MiniBatch(
                Collections.singletonList(features),
                List.of(),
                Collections.singletonList(labels),
                Collections.singletonList(labelMask));
    }

    /** One in DL4J's arrays, null for none. */
    public static MiniBatch of(
            @Nullable INDArray @Nullable [] features,
            @Nullable INDArray @Nullable [] featureMasks,
            @Nullable INDArray @Nullable [] labels,
            @Nullable INDArray @Nullable [] labelMasks) {
        return new MiniBatch(list(features), list(featureMasks), list(labels), list(labelMasks));
    }

    private static List<@Nullable INDArray> list(@Nullable INDArray @Nullable [] arrays) {
        return arrays == null ? List.of() : Arrays.asList(arrays);
    }

    /** The same with copies of the features, which are read where they are as long as a problem lasts. */
    public MiniBatch withOwnFeatures() {
        return new MiniBatch(copies(features), copies(featureMasks), labels, labelMasks);
    }

    private static List<@Nullable INDArray> copies(List<@Nullable INDArray> arrays) {
        List<@Nullable INDArray> copies = new ArrayList<>();
        for (INDArray array : arrays) {
            copies.add(array == null ? null : array.dup('c'));
        }
        return copies;
    }

    /** The mask of an input's features, or null. */
    @Nullable
    INDArray featureMask(int input) {
        return input < featureMasks.size() ? featureMasks.get(input) : null;
    }

    /** The mask of an output's loss, or null. */
    @Nullable
    INDArray labelMask(int output) {
        return output < labelMasks.size() ? labelMasks.get(output) : null;
    }
}
