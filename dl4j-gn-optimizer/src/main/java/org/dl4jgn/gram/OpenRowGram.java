package org.dl4jgn.gram;

import org.dl4jgn.gram.DampedDiagonal.PenaltyAt;
import org.dl4jgn.linalg.Gram;
import org.dl4jgn.problem.RowGram;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Kept rows with their Gram matrices at one point, for whoever asked for them there; whatever is asked puts the network back to it,
 * where products with a Gram matrix need it.
 */
record OpenRowGram(
        SystemCache.Kept<PointRows> kept,
        NetworkPosition position,
        @Nullable PenaltyAt penalty,
        double[] penalties,
        boolean spansGradient)
        implements RowGram {

    private PointRows here() {
        PointRows rows = kept.at(position);
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
    public Gram gram(int part) {
        PointRows rows = here();
        if (penalty == null || penalties.length == 1) {
            return rows.gram(null);
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
