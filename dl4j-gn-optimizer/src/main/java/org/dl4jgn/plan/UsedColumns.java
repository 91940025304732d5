package org.dl4jgn.plan;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.dl4jgn.linalg.Buffers;
import org.dl4jgn.linalg.HostMatrix;
import org.dl4jgn.linalg.HostMemory;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The columns of a mini-batch's features X that are not zero in all of its examples, side by side, where the others are many: pixels at the
 * border, words that do not occur, values of a category that nobody has. Products with X need no more than these ({@link NarrowProduct}).
 *
 * <p>They are looked for where a tangent's product with a batch comes first, since as many products follow as pay for it: a batch of which
 * only loss and gradient are asked for is multiplied as it is. Cost: reading X row by row until each column was seen with a number, which
 * for features without empty columns is a few rows, and a copy of the used ones. Memory: that copy's, of as many columns as are worth it.
 */
final class UsedColumns extends Instruction {

    private static final String NAME = "used_columns";

    /** Columns from which they are looked for. */
    private static final long LEAST_COLUMNS = 128;

    /** Examples from which they are. */
    private static final long LEAST_ROWS = 16;

    /** The largest share that is worth a copy: products with 200 × 530 of 784 take 0.66 of the time (float64). */
    private static final double SHARE = 0.75;

    /** The same in float32, where ND4J's own large products are faster than those of OpenBLAS. */
    private static final double SHARE_OF_FLOATS = 0.5;

    /** What is done with columns that are used and follow one another. */
    @FunctionalInterface
    interface Run {

        /**
         * Does it.
         *
         * @param from the first of them among all columns
         * @param at the same among the used ones
         * @param count how many they are
         */
        void accept(long from, long at, long count);
    }

    private final Buffers buffers;
    private final int rows;
    private final int columns;
    private final INDArray packed;
    private final HostArray target;
    private final HostMatrix matrix;
    private final Object row;
    private final Object kept;
    private final int[] unseen;
    private final boolean[] used;

    /** By the number of columns: products follow one another, and may share them. */
    private final Map<Integer, HostMatrix> rowsOfOthers = new HashMap<>();

    private INDArray features;
    private HostArray source;

    /** For each run of used columns its first one, and how many they are. */
    private int[] runs = {};

    private int count;

    /** Whether they were looked for in the batch that was taken in last. */
    private boolean isKnown;

    private UsedColumns(INDArray features, Buffers buffers) {
        this.features = features;
        this.buffers = buffers;
        rows = Math.toIntExact(features.size(0));
        columns = Math.toIntExact(features.size(1));
        double share = features.dataType() == DataType.DOUBLE ? SHARE : SHARE_OF_FLOATS;
        packed = buffers.allocate(features.dataType(), rows, (long) (share * columns));
        target = new HostArray(packed);
        matrix = new HostMatrix(packed);
        source = new HostArray(features);
        row = source.scratch(columns);
        kept = source.scratch(columns);
        unseen = new int[columns];
        used = new boolean[columns];
        count = columns;
    }

    /** Those of features, where some may be worth leaving out and memory can be addressed. */
    static Optional<UsedColumns> of(INDArray features, Buffers buffers) {
        boolean isWide = features.rank() == 2
                && features.size(1) >= LEAST_COLUMNS
                && features.size(0) >= LEAST_ROWS
                && (features.dataType() == DataType.FLOAT || features.dataType() == DataType.DOUBLE);
        return isWide && HostMemory.isAddressable() && HostMatrix.isAvailable()
                ? Optional.of(new UsedColumns(features, buffers))
                : Optional.empty();
    }

    /** Looks for them, if nobody has in this batch. */
    void find() {
        if (!isKnown) {
            isKnown = true;
            int found = look();
            if (found <= packed.size(1)) {
                take(found);
            }
        }
    }

    /** Whether enough are known to be empty in the batch that was taken in last. */
    boolean isNarrow() {
        return count < columns;
    }

    /** The used columns, [b, {@link #count}]. */
    HostMatrix.Part matrix() {
        // BLAS wants a stride of no columns, too
        return matrix.part(0, Math.max(1, count));
    }

    /** b. */
    int examples() {
        return rows;
    }

    /** How many are used. */
    int count() {
        return count;
    }

    /** All used columns, in order. */
    void eachRun(Run run) {
        long at = 0;
        for (int r = 0; r < runs.length; r += 2) {
            run.accept(runs[r], at, runs[r + 1]);
            at += runs[r + 1];
        }
    }

    /** Room for the rows of another matrix that used columns meet, one after the other, of as many columns and the features' type. */
    HostMatrix rows(int width) {
        return rowsOfOthers.computeIfAbsent(
                width, w -> new HostMatrix(buffers.allocate(packed.dataType(), packed.size(1), w)));
    }

    @Override
    void execute() {
        forget();
    }

    /** Another batch is there. */
    private void forget() {
        count = columns;
        isKnown = false;
    }

    /** Sets which are used, and returns their number. */
    private int look() {
        Arrays.fill(used, false);
        int left = columns;
        for (int j = 0; j < columns; j++) {
            unseen[j] = j;
        }
        for (int i = 0; i < rows && left > 0; i++) {
            source.read((long) i * columns, row, columns);
            left = stillUnseen(left);
        }
        return columns - left;
    }

    private int stillUnseen(int left) {
        int n = 0;
        for (int j = 0; j < left; j++) {
            int column = unseen[j];
            if (isZero(column)) {
                unseen[n++] = column;
            } else {
                used[column] = true;
            }
        }
        return n;
    }

    /** Of the row that was read last. */
    private boolean isZero(int column) {
        return row instanceof double[] doubles ? doubles[column] == 0 : ((float[]) row)[column] == 0;
    }

    private void take(int found) {
        int[] ranges = new int[2 * found];
        int n = 0;
        for (int j = 0; j < columns; j++) {
            if (used[j] && j > 0 && used[j - 1]) {
                ranges[n - 1]++;
            } else if (used[j]) {
                ranges[n++] = j;
                ranges[n++] = 1;
            }
        }
        runs = Arrays.copyOf(ranges, n);
        for (int i = 0; i < rows; i++) {
            source.read((long) i * columns, row, columns);
            eachRun((from, at, length) -> System.arraycopy(row, (int) from, kept, (int) at, (int) length));
            target.write(kept, (long) i * found, found);
        }
        count = found;
    }

    @Override
    void rebind(INDArray from, INDArray to) {
        if (features == from) {
            features = to;
            source = new HostArray(to);
            forget();
        }
    }

    @Override
    String opName() {
        return NAME;
    }
}
