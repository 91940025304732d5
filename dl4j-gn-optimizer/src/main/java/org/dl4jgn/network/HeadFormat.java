package org.dl4jgn.network;

import static org.dl4jgn.network.CheckedArrays.converted;
import static org.dl4jgn.network.CheckedArrays.hasShape;

import java.util.Arrays;
import org.dl4jgn.loss.OutputLosses;
import org.dl4jgn.translate.LayerOutput;
import org.dl4jgn.translate.NetworkHead;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The labels that a head takes, and how they come to be rows.
 *
 * @param output z of an example, and as DL4J arranges it
 * @param examples those of the head
 * @param outputs columns of labels: c, but for layers whose loss reads more than its activation does
 * @param positions rows of an example
 * @param sparse labels are class indices
 * @param coupled each output depends on all pre-activations of its row, as with softmax, or the loss couples them
 */
record HeadFormat(LayerOutput output, long examples, long outputs, long positions, boolean sparse, boolean coupled) {

    /** Dimensions of an example that is a sequence: numbers and steps. */
    private static final int SEQUENCE_RANK = 2;

    static HeadFormat of(NetworkHead head) {
        return new HeadFormat(
                head.output(),
                head.rows() / head.positions(),
                head.labels(),
                head.positions(),
                OutputLosses.isSparse(head.head().loss()),
                OutputLosses.isJoint(head.head()));
    }

    /** The shape of labels as DL4J has them. */
    private long[] shape() {
        return shape(sparse ? 1 : outputs);
    }

    /** The same with another number of channels. */
    private long[] shape(long channels) {
        long[] shape = output.shapeInNetwork(examples);
        shape[output.channelsFirst() || output.stacked() ? 1 : shape.length - 1] = channels;
        return shape;
    }

    void requireLabels(String what, INDArray labels) {
        boolean fits = hasShape(labels, shape())
                || sparse && positions == 1 && labels.rank() == 1 && labels.length() == examples;
        if (!fits) {
            throw new IllegalArgumentException(what + " must have shape " + Arrays.toString(shape())
                    + " to match the features and the output layer, got " + Arrays.toString(labels.shape()));
        }
    }

    /** The labels as rows. */
    INDArray labels(String what, INDArray given, DataType type) {
        INDArray labels = converted(given, type);
        CheckedArrays.requireFinite(what, labels);
        if (!sparse) {
            return output.asMatrix(labels);
        }
        CheckedArrays.requireClasses(what, labels, outputs);
        // one index for each position: channels first or last is the same
        INDArray column = labels.reshape(labels.length(), 1);
        return output.stacked() ? output.asMatrix(column) : column;
    }

    /** The mask as rows: [rows, 1] or [rows, c]. */
    INDArray mask(String what, INDArray mask) {
        boolean ofRows = hasShape(mask, examples, positions) && !output.stacked()
                || hasShape(mask, examples * positions, 1)
                || hasShape(mask, shape(1));
        boolean ofExamples =
                output.shape().length > SEQUENCE_RANK && mask.size(0) == examples && mask.length() == examples;
        boolean ofOutputs = hasShape(mask, shape(outputs));
        if (ofExamples) {
            CheckedArrays.requireBinary(what, mask);
            return mask.reshape('c', examples, 1)
                    .broadcast(examples, positions)
                    .dup('c')
                    .reshape('c', examples * positions, 1);
        }
        if (!ofRows && !ofOutputs) {
            throw new IllegalArgumentException(what + " must have shape [" + examples + ", " + positions + "] or "
                    + Arrays.toString(shape(outputs)) + ", got " + Arrays.toString(mask.shape()));
        }
        if (!ofRows && coupled) {
            throw new IllegalArgumentException("A label mask of single outputs, " + Arrays.toString(mask.shape())
                    + ", does not go with a softmax output, where each output depends on all others, nor with a loss"
                    + " that couples outputs; mask whole examples"
                    + " with shape [" + examples + ", " + positions + "]");
        }
        CheckedArrays.requireBinary(what, mask);
        if (ofRows) {
            INDArray column = mask.dup('c').reshape('c', examples * positions, 1);
            return output.stacked() ? output.asMatrix(column) : column;
        }
        return output.asMatrix(mask);
    }
}
