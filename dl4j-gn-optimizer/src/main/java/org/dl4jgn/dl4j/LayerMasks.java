package org.dl4jgn.dl4j;

import java.util.Arrays;
import java.util.Collections;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.layers.recurrent.RnnLossLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.network.MiniBatch;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The masks of a network's present mini-batch, which DL4J spreads over its layers and keeps nowhere else: each layer that has
 * a use for the mask of the features holds it, and the output layer that of the loss, some of them in another shape.
 */
final class LayerMasks {

    private final MultiLayerNetwork net;
    private final INDArray input;
    private final INDArray labels;

    LayerMasks(MultiLayerNetwork net) {
        this.net = net;
        input = net.getInput();
        labels = net.getLabels();
    }

    /**
     * Input, labels and masks.
     *
     * @throws IllegalArgumentException for a mask of features that are no sequences and that does more than leave out examples
     */
    MiniBatch batch() {
        if (input == null || labels == null || !areSequences()) {
            return MiniBatch.of(input, labels, maskOfExamples());
        }
        return new MiniBatch(
                Collections.singletonList(input),
                Collections.singletonList(featureMask()),
                Collections.singletonList(labels),
                Collections.singletonList(labelMask()));
    }

    private boolean areSequences() {
        return input.rank() == 3 || labels.rank() == 3;
    }

    /** What the first layer that has one was given. */
    private @Nullable INDArray featureMask() {
        for (Layer layer : net.getLayers()) {
            INDArray mask = layer.getMaskArray();
            boolean isHead = layer == net.getOutputLayer() && !(layer instanceof RnnLossLayer);
            if (mask != null && !isHead) {
                requireRank(mask);
                INDArray steps = mask.rank() == 2 ? asSteps(mask, input) : null;
                if (steps != null && layer.getIndex() > 0) {
                    requireSteps(steps, layer);
                }
                return steps;
            }
        }
        return null;
    }

    /** A layer that changes the number of steps hands on a mask of as many, and keeps none. */
    private void requireSteps(INDArray mask, Layer layer) {
        if (input.rank() == 3 && mask.size(1) != input.size(1) && mask.size(1) != input.size(2)) {
            throw new IllegalArgumentException("The feature mask has shape " + Arrays.toString(mask.shape())
                    + " where it arrives at layer " + layer.getIndex() + " (" + layerName(layer)
                    + "), the first that keeps it, and features have shape " + Arrays.toString(input.shape())
                    + ". A mask that a layer before has cut to another number of steps is not supported in a"
                    + " MultiLayerNetwork, which does not keep it as it was. Supported: a mask of shape ["
                    + input.size(0)
                    + ", steps] before layers that keep the number of steps (ConvolutionMode.Same or Causal,"
                    + " stride 1), or a ComputationGraph.");
        }
    }

    private static String layerName(Layer layer) {
        return layer.conf().getLayer().getClass().getSimpleName();
    }

    /** Those of images have four dimensions. */
    private void requireRank(INDArray mask) {
        if (input.rank() == 3 && mask.rank() != 2) {
            throw new IllegalArgumentException("The feature mask must have shape [" + input.size(0) + ", steps], got "
                    + Arrays.toString(mask.shape()) + ". Features have shape " + Arrays.toString(input.shape()));
        }
    }

    private @Nullable INDArray labelMask() {
        INDArray mask = net.getOutputLayer().getMaskArray();
        if (mask == null || mask.rank() == 3) {
            return mask;
        }
        boolean ofOutputs = labels.rank() == 3 && mask.size(1) > 1 && mask.length() == labels.length();
        if (!ofOutputs) {
            return labels.rank() == 3 ? asSteps(mask, input) : mask;
        }
        // RnnOutputLayer has the outputs of step after step, each of all examples
        long b = labels.size(0);
        return mask.dup('f').reshape('f', b, mask.size(0) / b, mask.size(1)).permute(0, 2, 1);
    }

    /** Flags of all examples at step after step, as [b, T]. */
    static @Nullable INDArray asSteps(@Nullable INDArray mask, INDArray features) {
        long b = features.size(0);
        if (mask == null || mask.size(0) == b) {
            return mask;
        }
        // the mask's own shape is forgotten by DL4J's layers of vectors, which keep a column
        if (mask.size(1) != 1 || mask.length() % b != 0) {
            throw new IllegalArgumentException("The feature or label mask has shape "
                    + Arrays.toString(mask.shape()) + ", which is not that of as many steps for each of " + b
                    + " examples of features " + Arrays.toString(features.shape())
                    + ". Expected: a mask of shape [examples, steps].");
        }
        return mask.dup('f').reshape('f', b, mask.length() / b);
    }

    /**
     * The mask of the loss: the label mask, or without one the feature mask, which in a network of dense layers masks whole
     * examples.
     */
    private @Nullable INDArray maskOfExamples() {
        INDArray mask = net.getOutputLayer().getMaskArray();
        for (Layer layer : net.getLayers()) {
            INDArray here = layer.getMaskArray();
            boolean isLabelMask = here == mask && layer == net.getOutputLayer();
            if (here != null && !isLabelMask && (here != mask || here.length() != here.size(0))) {
                throw new IllegalArgumentException("The feature mask of shape " + Arrays.toString(here.shape())
                        + (here == mask ? "" : ", beside a label mask of its own,")
                        + " is not supported. Supported: a label mask, or a feature mask of shape [batch, 1] alone, both of"
                        + " which leave out examples.");
            }
        }
        return mask;
    }
}
