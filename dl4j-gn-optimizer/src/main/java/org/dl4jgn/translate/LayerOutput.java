package org.dl4jgn.translate;

import java.util.Arrays;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The output of a layer as a variable of the graph.
 *
 * @param variable a matrix [b·positions, channels]
 * @param shape of an example, channels last
 * @param channelsFirst whether DL4J has the channels before the positions
 */
public record LayerOutput(SDVariable variable, long[] shape, boolean channelsFirst) {

    static LayerOutput of(Activations activations) {
        return new LayerOutput(activations.variable(), activations.shape(), activations.channelsFirst());
    }

    /** The shape in which DL4J has {@code examples} of them, channels first or last. */
    public long[] shapeInNetwork(long examples) {
        int rank = shape.length + 1;
        long[] result = new long[rank];
        result[0] = examples;
        System.arraycopy(shape, 0, result, channelsFirst && rank > 2 ? 2 : 1, rank == 2 ? 1 : rank - 2);
        if (rank > 2) {
            result[channelsFirst ? 1 : rank - 1] = shape[rank - 2];
        }
        return result;
    }

    /** An array as DL4J has it, [b, ...], as the matrix [b·positions, channels]: a copy unless it is one already. */
    public INDArray asMatrix(INDArray inNetwork) {
        long channels = shape[shape.length - 1];
        if (inNetwork.rank() == 2) {
            return inNetwork;
        }
        int rank = inNetwork.rank();
        int[] axes = new int[rank];
        for (int i = 1; i < rank; i++) {
            axes[i] = i;
        }
        if (channelsFirst) {
            axes[rank - 1] = 1;
            for (int i = 1; i < rank - 1; i++) {
                axes[i] = i + 1;
            }
        }
        return inNetwork.permute(axes).dup('c').reshape('c', inNetwork.length() / channels, channels);
    }

    /** The values of {@link #variable} as DL4J arranges them, [b, ...]: a view. */
    public INDArray asInNetwork(INDArray matrix) {
        int rank = shape.length + 1;
        if (rank == 2) {
            return matrix;
        }
        long[] whole = new long[rank];
        System.arraycopy(shape, 0, whole, 1, shape.length);
        whole[0] = matrix.length() / Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        INDArray array = matrix.reshape('c', whole);
        if (!channelsFirst) {
            return array;
        }
        int[] axes = new int[rank];
        axes[1] = rank - 1;
        for (int i = 2; i < rank; i++) {
            axes[i] = i - 1;
        }
        return array.permute(axes);
    }
}
