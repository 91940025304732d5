package org.dl4jgn.gram;

import org.dl4jgn.problem.RowGram;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Kept rows with their Gram matrix at one point, for whoever asked for them there; products put the network back to it. */
record OpenRowGram(SystemCache.Kept<GramOfRows> kept, NetworkPosition position) implements RowGram {

    private GramOfRows here() {
        GramOfRows rows = kept.at(position);
        position.restore();
        return rows;
    }

    @Override
    public int size() {
        return kept.at(position).size();
    }

    @Override
    public double normalizer() {
        return kept.at(position).normalizer();
    }

    @Override
    public double[] gram() {
        return kept.at(position).gram();
    }

    @Override
    public double @Nullable [] preimage() {
        return kept.at(position).preimage();
    }

    @Override
    public double[] apply(INDArray v) {
        return here().apply(v);
    }

    @Override
    public void transposed(double[] y, INDArray v) {
        here().transposed(y, v);
    }
}
