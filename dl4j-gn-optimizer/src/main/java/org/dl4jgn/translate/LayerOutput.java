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
 * @param stacked whether DL4J has the positions as examples of their own, [positions·b, channels], the first of all examples first
 */
public record LayerOutput(SDVariable variable, long[] shape, boolean channelsFirst, boolean stacked) {

    /** One that is not stacked. */
    public LayerOutput(SDVariable variable, long[] shape, boolean channelsFirst) {
        this(variable, shape, channelsFirst, false);
    }

    static LayerOutput of(Activations activations) {
        return new LayerOutput(activations.variable(), activations.shape(), activations.channelsFirst());
    }

    /** The shape in which DL4J has {@code examples} of them, channels first or last. */
    public long[] shapeInNetwork(long examples) {
        return stacked ? new long[] {examples * shape[0], shape[1]} : shapeInNetwork(examples, channelsFirst, shape);
    }

    /** The shape in which DL4J has {@code examples} of the given shape, channels last. */
    static long[] shapeInNetwork(long examples, boolean channelsFirst, long... shape) {
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
        if (stacked) {
            return moved(inNetwork, shape[0], inNetwork.size(0) / shape[0]);
        }
        if (inNetwork.rank() == 2) {
            return inNetwork;
        }
        int rank = inNetwork.rank();
        long channels = inNetwork.size(channelsFirst ? 1 : rank - 1); // labels may have others than z
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

    /** The rows [outer·inner, n] in the order [inner·outer, n]: a copy. */
    private static INDArray moved(INDArray rows, long outer, long inner) {
        return rows.reshape('c', outer, inner, rows.size(1))
                .permute(1, 0, 2)
                .dup('c')
                .reshape('c', rows.size(0), rows.size(1));
    }

    /** The values of {@link #variable} as DL4J arranges them, [b, ...]: a view, or a copy of what DL4J has stacked. */
    public INDArray asInNetwork(INDArray matrix) {
        if (stacked) {
            return moved(matrix, matrix.size(0) / shape[0], shape[0]);
        }
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
