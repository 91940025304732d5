package org.dl4jgn.translate;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * One parameter array of a network and its place in the flat parameter vector.
 *
 * @param variable name of the variable in the graph
 * @param layer index of the layer
 * @param key name of the parameter in the layer, such as W or b
 * @param offset first element in the flat vector
 * @param shape shape, as the graph uses it
 * @param layout order of the elements in DL4J's flat vector; the plan has them row by row
 */
public record ParameterSlot(String variable, int layer, String key, long offset, long[] shape, ParameterLayout layout) {

    /** Number of elements. */
    public long length() {
        long n = 1;
        for (long s : shape) {
            n *= s;
        }
        return n;
    }

    /** This parameter in a flat vector in DL4J's order, without a copy, arranged as {@link #forCopies} is. */
    public INDArray inNetworkOrder(INDArray flat) {
        return layout.arranged(slice(flat));
    }

    /** This parameter in a flat vector in working order, without a copy, of the shape of {@link #inNetworkOrder}. */
    public INDArray forCopies(INDArray flat) {
        return layout.plain(slice(flat));
    }

    /** This parameter in a flat vector in working order (every array row by row), without a copy. */
    public INDArray inWorkingOrder(INDArray flat) {
        return slice(flat).reshape('c', true, shape);
    }

    /** True if the two orders differ for this parameter. */
    public boolean isReordered() {
        return layout.isReordered();
    }

    private INDArray slice(INDArray flat) {
        return flat.reshape(flat.length()).get(NDArrayIndex.interval(offset, offset + length()));
    }
}
