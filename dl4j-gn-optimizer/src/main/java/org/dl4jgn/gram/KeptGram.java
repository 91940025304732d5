package org.dl4jgn.gram;

import org.bytedeco.javacpp.indexer.DoubleIndexer;
import org.bytedeco.javacpp.indexer.FloatIndexer;
import org.bytedeco.javacpp.indexer.Indexer;
import org.dl4jgn.linalg.HostMatrix;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The lower triangle of the Gram matrix of some of the rows, those whose loss is not masked, to which blocks add their shares.
 *
 * <p>Which rows count changes from batch to batch, so that nothing here is a prepared call: rows are gathered to the front of a
 * block's memory, and OpenBLAS multiplies there. For backends whose memory is their own there is no such thing, and the
 * matrix is formed of all rows.
 */
final class KeptGram {

    private static final int PANELS = 8;
    private static final int PANEL_ROWS = 64;

    private final int[] kept;
    private final INDArray matrix;
    private final INDArray room;
    private final HostMatrix target;
    private final int panel;
    private boolean isFresh = true;

    /**
     * A matrix to be formed.
     *
     * @param kept the rows, in increasing order
     * @param matrix [k, k], from the start of its memory; overwritten
     * @param room scratch
     */
    KeptGram(int[] kept, INDArray matrix, INDArray room) {
        this.kept = kept;
        this.matrix = matrix;
        this.room = room;
        target = new HostMatrix(matrix);
        int rows = Math.max(PANEL_ROWS, (kept.length + PANELS - 1) / PANELS);
        panel = (int) Math.max(1, Math.min(rows, room.length() / kept.length));
    }

    /** k. */
    int size() {
        return kept.length;
    }

    /** The i-th row that counts. */
    int row(int i) {
        return kept[i];
    }

    /**
     * Copies what counts of a matrix's rows to the front of another's.
     *
     * @param all [rows, m], from the start of its memory
     * @param front at least k·m elements, from the start of another memory
     */
    void gather(INDArray all, INDArray front) {
        long m = all.size(1);
        HostMatrix from = new HostMatrix(all);
        HostMatrix to = new HostMatrix(front);
        for (int i = 0; i < kept.length; i++) {
            from.copy(kept[i] * m, to, i * m, m);
        }
    }

    /** Adds RRᵀ for rows R that were gathered, [k, m] from the start of {@code rows}. */
    void addProducts(INDArray rows, long m) {
        HostMatrix from = new HostMatrix(rows);
        for (int first = 0; first < kept.length; first += panel) {
            int count = Math.min(panel, kept.length - first);
            HostMatrix.multiply(
                    1,
                    from.part(first * m, m),
                    from.part(0, m).transposed(),
                    isFresh ? 0 : 1,
                    target.part((long) first * kept.length, kept.length),
                    count,
                    m,
                    first + count);
        }
        isFresh = false;
    }

    /**
     * Adds (G ⊗ 1) ∘ RRᵀ for rows R that were gathered, [k, m] from the start of {@code rows}.
     *
     * @param factors G, [b, b] in its own memory, an element for two examples
     * @param q rows of an example
     */
    void addProducts(INDArray rows, long m, INDArray factors, long q) {
        HostMatrix from = new HostMatrix(rows);
        HostMatrix products = new HostMatrix(room);
        for (int first = 0; first < kept.length; first += panel) {
            int count = Math.min(panel, kept.length - first);
            int columns = first + count;
            HostMatrix.multiply(
                    1,
                    from.part(first * m, m),
                    from.part(0, m).transposed(),
                    0,
                    products.part(0, columns),
                    count,
                    m,
                    columns);
            for (int i = first; i < columns; i++) {
                addWeighted((long) (i - first) * columns, i, factors, q);
            }
        }
        isFresh = false;
    }

    /** Adds row i, up to the diagonal, of products that begin at an element of the room. */
    private void addWeighted(long products, int i, INDArray factors, long q) {
        long of = kept[i] / q * factors.size(1);
        long to = (long) i * kept.length;
        Indexer sums = matrix.data().indexer();
        Indexer product = room.data().indexer();
        Indexer factor = factors.data().indexer();
        if (sums instanceof FloatIndexer floats) {
            add(floats, to, (FloatIndexer) product, products, (FloatIndexer) factor, of, q, i);
        } else {
            add((DoubleIndexer) sums, to, (DoubleIndexer) product, products, (DoubleIndexer) factor, of, q, i);
        }
    }

    private void add(
            FloatIndexer sums, long to, FloatIndexer product, long from, FloatIndexer factor, long of, long q, int i) {
        for (int j = 0; j <= i; j++) {
            float share = product.get(from + j) * factor.get(of + kept[j] / q);
            sums.put(to + j, isFresh ? share : sums.get(to + j) + share);
        }
    }

    private void add(
            DoubleIndexer sums,
            long to,
            DoubleIndexer product,
            long from,
            DoubleIndexer factor,
            long of,
            long q,
            int i) {
        for (int j = 0; j <= i; j++) {
            double share = product.get(from + j) * factor.get(of + kept[j] / q);
            sums.put(to + j, isFresh ? share : sums.get(to + j) + share);
        }
    }
}
