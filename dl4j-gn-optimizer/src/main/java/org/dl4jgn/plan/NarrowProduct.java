package org.dl4jgn.plan;

import org.dl4jgn.linalg.HostMatrix;
import org.dl4jgn.linalg.HostVectors;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A product XW, or XᵀU, with a mini-batch's features of which few columns are used: with these alone, the rows of W that
 * they meet, and zeros in the others of XᵀU. Where most are used, the product as it was.
 */
final class NarrowProduct extends Instruction {

    private final UsedColumns features;

    /** Whether the columns are looked for here: a first product with a batch is one with a tangent, many of which follow. */
    private final boolean isFirst;

    private final Instruction whole;
    private final boolean isTransposed;

    /** U, or XW. */
    private final HostMatrix.Part examples;

    /** W, or XᵀU. */
    private final INDArray wide;

    private final HostMatrix wideMemory;

    /** Of W or XᵀU those rows that used columns meet, one after the other. */
    private final HostMatrix rows;

    private final int width;
    private final INDArray b;

    /** Whether the other matrix is still where it was. */
    private boolean isBound = true;

    /**
     * The product {@code whole} of the features and {@code b} as one that leaves columns out where it may.
     *
     * @param stage in which it runs
     * @param transposes of the two, of arrays that {@link #isFor} knows to be laid out for it
     */
    NarrowProduct(
            UsedColumns features, Stage stage, Instruction whole, Arguments transposes, INDArray b, INDArray out) {
        this.features = features;
        isFirst = stage == Stage.JVP;
        this.whole = whole;
        this.b = b;
        isTransposed = isTransposed(transposes);
        wide = isTransposed ? out : b;
        wideMemory = new HostMatrix(wide);
        examples = HostMatrix.of(isTransposed ? b : out).orElseThrow();
        width = Math.toIntExact(wide.size(1));
        rows = features.rows(width);
    }

    /** Whether arrays of a product with features are laid out for it. */
    static boolean isFor(Arguments transposes, INDArray b, INDArray out) {
        boolean transposed = isTransposed(transposes);
        INDArray wide = transposed ? out : b;
        return transposes.integers()[1] == 0
                && Views.isDense(wide)
                && b.dataType() == out.dataType()
                && HostMatrix.of(transposed ? b : out)
                        .filter(part -> transposed || !part.isTransposed())
                        .isPresent();
    }

    private static boolean isTransposed(Arguments transposes) {
        return transposes.integers()[0] != 0;
    }

    @Override
    void execute() {
        if (isFirst) {
            features.find();
        }
        if (!isBound || !features.isNarrow()) {
            whole.run();
        } else if (isTransposed) {
            multiply(
                    features.matrix().transposed(),
                    examples,
                    rows.part(0, width),
                    features.count(),
                    features.examples());
            HostVectors.clear(wide);
            features.eachRun((from, at, count) -> rows.copy(at * width, wideMemory, from * width, count * width));
        } else {
            features.eachRun((from, at, count) -> wideMemory.copy(from * width, rows, at * width, count * width));
            multiply(features.matrix(), rows.part(0, width), examples, features.examples(), features.count());
        }
    }

    private void multiply(HostMatrix.Part a, HostMatrix.Part b, HostMatrix.Part c, long m, long inner) {
        HostMatrix.multiply(1, a, b, 0, c, m, inner, width);
    }

    @Override
    void rebind(INDArray from, INDArray to) {
        isBound &= from != b;
        whole.rebind(from, to);
    }

    @Override
    String opName() {
        return whole.opName();
    }

    @Override
    void release() {
        whole.close();
    }
}
