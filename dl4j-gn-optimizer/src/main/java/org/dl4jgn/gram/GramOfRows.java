package org.dl4jgn.gram;

import java.util.function.LongToDoubleFunction;
import org.dl4jgn.linalg.Buffers;
import org.dl4jgn.linalg.Gram;
import org.dl4jgn.linalg.HostVectors;
import org.dl4jgn.plan.Program;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Rows of R at each point, and Gram matrices of them that are formed when they are asked for. */
final class GramOfRows implements PointRows {

    private final Buffers buffers = new Buffers();
    private final Rows rows;
    private final INDArray matrix;
    private final INDArray y;
    private final Program assemble = buffers.own(new Program());

    /** Takes over the rows. */
    GramOfRows(Rows rows) {
        this.rows = rows;
        long n = rows.count();
        matrix = buffers.allocate(rows.type(), n, n);
        y = buffers.allocate(rows.type(), n, 1);
        rows.appendGram(assemble, matrix, buffers.allocate(rows.type(), rows.gramRoom()));
    }

    @Override
    public void load() {
        rows.load();
    }

    @Override
    public int size() {
        return Math.toIntExact(rows.count());
    }

    @Override
    public double normalizer() {
        return rows.normalizer();
    }

    @Override
    public Gram gram(@Nullable LongToDoubleFunction share) {
        rows.weigh(share == null ? index -> 1 : share);
        assemble.run();
        int n = size();
        double[] gram = HostVectors.toArray(matrix);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < i; j++) {
                gram[j * n + i] = gram[i * n + j];
            }
        }
        return Gram.of(gram);
    }

    @Override
    public double @Nullable [] preimage() {
        INDArray w = rows.preimage();
        return w == null ? null : HostVectors.toArray(w);
    }

    @Override
    public double[] apply(INDArray v) {
        rows.apply(v, y);
        return HostVectors.toArray(y);
    }

    @Override
    public void transposed(double[] share, INDArray v) {
        HostVectors.fill(share, y);
        rows.transposed(y, v);
    }

    /** Bytes of a Gram matrix and what it is formed through, without the rows; an upper bound. */
    static long bytes(RowCosts rows) {
        long n = rows.examples() * rows.rank();
        return Double.BYTES * (n * n + rows.gramRoom() + n);
    }

    @Override
    public long bytes() {
        return rows.bytes() + buffers.bytes();
    }

    @Override
    public void close() {
        rows.close();
        buffers.close();
    }
}
