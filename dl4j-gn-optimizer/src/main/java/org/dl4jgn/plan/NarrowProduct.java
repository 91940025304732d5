package org.dl4jgn.plan;

import java.util.Optional;
import org.dl4jgn.linalg.HostMatrix;
import org.dl4jgn.linalg.HostVectors;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A product XW, or XᵀU, with a mini-batch's features of which few columns are used: with these alone, the rows of W that
 * they meet, and zeros in the others of XᵀU. Where most are used, the product as it was.
 */
final class NarrowProduct extends Instruction {

    private final UsedColumns features;
    private final Instruction whole;
    private final boolean isTransposed;

    /** U, or XW. */
    private final HostMatrix.Part examples;

    /** W, or XᵀU. */
    private final INDArray wide;

    private final HostArray wideMemory;
    private final UsedColumns.Rows rows;
    private final int width;
    private final INDArray b;

    /** Whether the other matrix is still where it was. */
    private boolean isBound = true;

    private NarrowProduct(
            UsedColumns features,
            Instruction whole,
            boolean isTransposed,
            HostMatrix.Part examples,
            INDArray wide,
            INDArray b) {
        this.features = features;
        this.whole = whole;
        this.isTransposed = isTransposed;
        this.examples = examples;
        this.wide = wide;
        wideMemory = new HostArray(wide);
        this.b = b;
        width = Math.toIntExact(wide.size(1));
        rows = features.rows(width);
    }

    /**
     * The product {@code whole} of the features and {@code b} as one that leaves columns out where it may; empty where its arrays are not
     * laid out for it.
     *
     * @param transposes of the two
     */
    static Optional<Instruction> of(
            UsedColumns features, Instruction whole, Arguments transposes, INDArray b, INDArray out) {
        boolean transposed = transposes.integers()[0] != 0;
        INDArray wide = transposed ? out : b;
        INDArray narrow = transposed ? b : out;
        Optional<HostMatrix.Part> part = HostMatrix.of(narrow).filter(p -> transposed || !p.isTransposed());
        boolean isDense = wide.rank() == 2 && wide.stride(1) == 1 && wide.stride(0) == wide.size(1);
        if (transposes.integers()[1] != 0 || !isDense || part.isEmpty() || narrow.dataType() != wide.dataType()) {
            return Optional.empty();
        }
        return Optional.of(new NarrowProduct(features, whole, transposed, part.get(), wide, b));
    }

    @Override
    void execute() {
        if (!isBound || !features.isNarrow()) {
            whole.run();
        } else if (isTransposed) {
            multiply(features.matrix().transposed(), examples, rows.matrix(), features.count(), features.examples());
            spread();
        } else {
            gather();
            multiply(features.matrix(), rows.matrix(), examples, features.examples(), features.count());
        }
    }

    private void multiply(HostMatrix.Part a, HostMatrix.Part b, HostMatrix.Part c, long m, long inner) {
        HostMatrix.multiply(1, a, b, 0, c, m, inner, width);
    }

    /** The rows of W that used columns meet, one after the other. */
    private void gather() {
        int[] runs = features.runs();
        int at = 0;
        for (int r = 0; r < runs.length; r += 2) {
            int length = runs[r + 1] * width;
            wideMemory.read((long) runs[r] * width, rows.scratch(), at, length);
            at += length;
        }
        rows.memory().write(rows.scratch(), 0, at);
    }

    /** The rows of XᵀU to their places. */
    private void spread() {
        HostVectors.clear(wide);
        int[] runs = features.runs();
        rows.memory().read(0, rows.scratch(), features.count() * width);
        int at = 0;
        for (int r = 0; r < runs.length; r += 2) {
            int length = runs[r + 1] * width;
            wideMemory.write(rows.scratch(), at, (long) runs[r] * width, length);
            at += length;
        }
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
