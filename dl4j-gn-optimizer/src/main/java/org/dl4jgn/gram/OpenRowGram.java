package org.dl4jgn.gram;

import org.dl4jgn.gram.DampedDiagonal.PenaltyAt;
import org.dl4jgn.problem.RowGram;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Kept rows with their Gram matrices at one point, for whoever asked for them there; products put the network back to it. */
record OpenRowGram(
        SystemCache.Kept<GramOfRows> kept,
        NetworkPosition position,
        @Nullable PenaltyAt penalty,
        double[] penalties,
        boolean spansGradient)
        implements RowGram {

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
    public double[] gram(int part) {
        GramOfRows rows = kept.at(position);
        if (penalty == null) {
            return rows.gram(index -> 1);
        }
        double level = penalties[part];
        return rows.gram(index -> penalty.penalty().coefficientAt(index) == level ? 1 : 0);
    }

    @Override
    public double @Nullable [] preimage() {
        return spansGradient ? kept.at(position).preimage() : null;
    }

    @Override
    public void addPenaltyGradient(INDArray v) {
        if (penalty != null) {
            penalty.penalty().addProduct(penalty.theta(), v);
        }
    }

    @Override
    public void addPenaltyProduct(INDArray x, INDArray v) {
        if (penalty != null) {
            penalty.penalty().addProduct(x, v);
        }
    }

    @Override
    public void restrict(int part, INDArray v) {
        if (penalty != null) {
            penalty.penalty().restrict(penalties[part], v);
        }
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
