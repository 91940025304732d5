package org.dl4jgn.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.dl4jgn.network.MiniBatch;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A mini-batch in arrays that were made for it, and end with it. */
record OwnBatch(MiniBatch arrays) implements AutoCloseable {

    @Override
    public void close() {
        List<@Nullable INDArray> all = new ArrayList<>(arrays.features());
        all.addAll(arrays.featureMasks());
        all.addAll(arrays.labels());
        all.addAll(arrays.labelMasks());
        all.stream().filter(Objects::nonNull).forEach(INDArray::close);
    }
}
