package org.dl4jgn.curvature;

import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.plan.Program;
import org.dl4jgn.plan.Views;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.floating.Sqrt;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Products with the factors of Q = SSᵀ, one c × c block an example, S = (I − p1ᵀ)·diag(a).
 *
 * <p>Every supported loss has this form: p is zero where Q is diagonal, and the softmax output where there is one. So a
 * singular Q is no special case, and nothing has to be added to it.
 */
final class CurvatureRoot implements AutoCloseable {

    private final OutputLoss loss;
    private final INDArray a;
    private final @Nullable INDArray p;
    private final long b;
    private final long c;
    private final Program squareRoot = new Program();

    /** Prepares products in arrays of {@code type}, which may be more precise than the network's. */
    CurvatureRoot(OutputLoss loss, DataType type) {
        this.loss = loss;
        b = loss.z.size(0);
        c = loss.z.size(1);
        a = Nd4j.createUninitializedDetached(type, b, c);
        p = loss.rootShift() == null ? null : Nd4j.createUninitializedDetached(type, b, c);
        squareRoot.legacy(new Sqrt(a, a));
    }

    /** Reads Q at the linearization point. */
    void load() {
        a.assign(loss.squaredRoot());
        Vectors.scale(b, a);
        squareRoot.run();
        INDArray shift = loss.rootShift();
        if (p != null && shift != null) {
            p.assign(shift);
        }
    }

    /**
     * Appends {@code rows ← Sᵀ·rows}.
     *
     * @param rows [b·c, m]
     * @param scratch [b·c, m]
     * @param sums [b, m]
     */
    void appendTransposed(Program program, INDArray rows, INDArray scratch, INDArray sums) {
        long m = rows.size(1);
        INDArray cube = Views.reshape(rows, b, c, m);
        if (p != null) {
            INDArray weighted = Views.reshape(scratch, b, c, m);
            program.multiply(cube, Views.reshape(p, b, c, 1), weighted)
                    .sum(weighted, 1, sums)
                    .subtract(cube, Views.reshape(sums, b, 1, m), cube);
        }
        program.multiply(cube, Views.reshape(a, b, c, 1), cube);
    }

    /**
     * Appends {@code y ← S·y}.
     *
     * @param y [b, c]
     * @param scratch [b, c]
     * @param sums [b]
     */
    void append(Program program, INDArray y, INDArray scratch, INDArray sums) {
        program.multiply(y, a, y);
        if (p != null) {
            program.sum(y, 1, sums)
                    .multiply(p, Views.reshape(sums, b, 1), scratch)
                    .subtract(y, scratch, y);
        }
    }

    @Override
    public void close() {
        a.close();
        if (p != null) {
            p.close();
        }
    }
}
