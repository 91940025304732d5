package org.dl4jgn.linalg;

import org.bytedeco.javacpp.indexer.DoubleIndexer;
import org.bytedeco.javacpp.indexer.FloatIndexer;
import org.bytedeco.javacpp.indexer.Indexer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Some rows and columns of a system whose others are empty: they are moved to the front of its memory, and solutions back. */
public final class KeptRows {

    private final int[] kept;

    /** @param kept the rows, in increasing order, at least one */
    public KeptRows(int[] kept) {
        this.kept = kept.clone();
    }

    /**
     * Moves the lower triangle of what is kept to the front.
     *
     * @param matrix [n, n], c order, no view; what is not kept is lost
     * @return [k, k], on the same memory
     */
    public INDArray front(INDArray matrix) {
        long n = matrix.size(1);
        long k = kept.length;
        INDArray front = Nd4j.create(matrix.data(), new long[] {k, k}, new long[] {k, 1}, 0, 'c');
        if (!HostMemory.isAddressable()) {
            front.assign(matrix.getRows(kept).getColumns(kept));
            return front;
        }
        // every element moves forward or stays, so that none is overwritten before it was read
        Indexer memory = matrix.data().indexer();
        for (int i = 0; i < k; i++) {
            if (memory instanceof FloatIndexer floats) {
                for (int j = 0; j <= i; j++) {
                    floats.put(i * k + j, floats.get(kept[i] * n + kept[j]));
                }
            } else {
                DoubleIndexer doubles = (DoubleIndexer) memory;
                for (int j = 0; j <= i; j++) {
                    doubles.put(i * k + j, doubles.get(kept[i] * n + kept[j]));
                }
            }
        }
        return front;
    }

    /**
     * Moves what is kept of a vector to its front.
     *
     * @param y [n, 1], c order, no view
     * @return [k, 1], on the same memory
     */
    public INDArray frontOfVector(INDArray y) {
        for (int i = 0; i < kept.length; i++) {
            y.putScalar(i, 0, y.getDouble(kept[i], 0));
        }
        return Nd4j.create(y.data(), new long[] {kept.length, 1}, new long[] {1, 1}, 0, 'c');
    }

    /** Moves the front of a vector back to where it was, with zeros between. */
    public void backOfVector(INDArray y) {
        int next = kept.length - 1;
        for (int i = (int) y.length() - 1; i >= 0; i--) {
            boolean isKept = next >= 0 && kept[next] == i;
            y.putScalar(i, 0, isKept ? y.getDouble(next--, 0) : 0);
        }
    }
}
