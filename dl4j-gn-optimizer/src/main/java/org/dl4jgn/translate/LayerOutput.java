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
