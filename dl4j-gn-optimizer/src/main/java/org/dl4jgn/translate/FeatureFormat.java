package org.dl4jgn.translate;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The features that a network takes.
 *
 * <p>DL4J keeps in a network what its layers need, but not the type of its input: of a network that starts with a
 * convolution the number of channels is known, but the sizes of the images only from a batch; and one that starts with
 * global pooling takes sequences, images and volumes alike.
 *
 * @param shapes the shapes in which it takes an example, at least one
 * @param classes number of classes if the features are class indices, else 0
 */
public record FeatureFormat(List<FeatureShape> shapes, long classes) {

    public FeatureFormat {
        shapes = List.copyOf(shapes);
    }

    /**
     * The shape of an example of {@code features}.
     *
     * @param features shape of a batch, as DL4J has it
     * @throws IllegalArgumentException if the network does not take it
     */
    public long[] example(long[] features) {
        long[] example = Arrays.copyOfRange(features, Math.min(1, features.length), features.length);
        for (FeatureShape shape : shapes) {
            if (shape.matches(example)) {
                return example;
            }
        }
        throw new IllegalArgumentException("Features must have shape "
                + shapes.stream().map(FeatureShape::toString).collect(Collectors.joining(" or ")) + ", got "
                + Arrays.toString(features));
    }

    /** The dimension of an example that counts the steps of a sequence, or −1 if it is none; see {@link #example}. */
    public int stepsAxis(long... example) {
        for (FeatureShape shape : shapes) {
            if (shape.matches(example)) {
                boolean ofIndices = classes > 0 && example.length == 1 && shape.freeSizes() == 1;
                int axis = example.length == 2 ? shape.channelsFirst() ? 1 : 0 : ofIndices ? 0 : -1;
                return axis >= 0 && shape.sizes()[axis] == FeatureShape.FREE ? axis : -1;
            }
        }
        return -1;
    }

    /**
     * Checks what the network presupposes of its features' values, before anything reads them.
     *
     * @param features dense, of the network's type
     * @throws IllegalArgumentException if class indices are none
     */
    public void requireValues(INDArray features) {
        if (classes == 0) {
            return;
        }
        double[] indices = features.reshape(features.length()).toDoubleVector();
        for (int i = 0; i < indices.length; i++) {
            if (indices[i] != Math.rint(indices[i]) || indices[i] < 0 || indices[i] >= classes) {
                throw new IllegalArgumentException("Features of an embedding must hold class indices from 0 to "
                        + (classes - 1) + ", got " + indices[i] + " in row " + i + " of the batch");
            }
        }
    }
}
