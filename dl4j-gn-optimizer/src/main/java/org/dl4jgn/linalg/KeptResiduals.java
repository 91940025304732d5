package org.dl4jgn.linalg;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The first residuals of conjugate gradients, to which those that follow are made orthogonal; their vectors serve every solve. */
final class KeptResiduals {

    private final Supplier<INDArray> vectors;
    private final List<Kept> kept = new ArrayList<>();
    private int count;
    private int limit;

    /** An earlier residual s and its preconditioned form y, both divided by √(sᵀy). */
    private record Kept(INDArray s, INDArray y) {}

    /** @param vectors makes vectors, which stay their owner's */
    KeptResiduals(Supplier<INDArray> vectors) {
        this.vectors = vectors;
    }

    /** Forgets all, and is to keep at most so many. */
    void start(int most) {
        count = 0;
        limit = most;
    }

    /**
     * Keeps a residual, if there is room.
     *
     * @param y its preconditioned form; the same array where there is no preconditioner
     * @param sy sᵀy
     */
    void keep(INDArray residual, INDArray y, double sy) {
        if (count >= limit || !(sy > 0)) {
            return;
        }
        if (count == kept.size()) {
            INDArray s = vectors.get();
            kept.add(new Kept(s, y == residual ? s : vectors.get()));
        }
        Kept next = kept.get(count++);
        double scale = 1 / Math.sqrt(sy);
        Vectors.copy(residual, next.s);
        Vectors.scale(scale, next.s);
        if (next.y != next.s) {
            Vectors.copy(y, next.y);
            Vectors.scale(scale, next.y);
        }
    }

    /** Makes the residual orthogonal, in the preconditioner's inner product, to those kept. */
    void orthogonalize(INDArray residual) {
        for (int i = 0; i < count; i++) {
            Vectors.axpy(-Vectors.dot(kept.get(i).y, residual), kept.get(i).s, residual);
        }
    }

    /** Gives up the vectors, which their owner has freed. */
    void clear() {
        kept.clear();
    }
}
