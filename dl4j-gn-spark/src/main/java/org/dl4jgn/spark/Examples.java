package org.dl4jgn.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.dl4jgn.network.MiniBatch;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The examples of one partition, in Java's memory, where Spark keeps and spills them: the network's own arrays are made of
 * those that a step is taken on.
 *
 * @param fault why they cannot be used, or null
 * @param size their number
 */
record Examples(
        @Nullable String fault,
        int size,
        Table[] features,
        @Nullable Table[] featureMasks,
        Table[] labels,
        @Nullable Table[] labelMasks)
        implements Serializable {

    /**
     * An array whose first dimension counts examples.
     *
     * @param example the shape of one
     */
    record Table(long[] example, Numbers numbers) implements Serializable {

        static Table of(INDArray array, DataType type) {
            long[] shape = array.shape();
            return new Table(Arrays.copyOfRange(shape, 1, shape.length), Numbers.of(array.castTo(type)));
        }

        private int columns() {
            return (int) Arrays.stream(example).reduce(1, Math::multiplyExact);
        }

        private INDArray array(int[] rows) {
            long[] shape = new long[example.length + 1];
            shape[0] = rows.length;
            System.arraycopy(example, 0, shape, 1, example.length);
            return numbers.rows(rows, columns()).array(shape);
        }
    }

    /** Refuses a data set without features or labels. */
    static void requireWhole(@Nullable MultiDataSet data) {
        if (data == null) {
            throw new IllegalArgumentException("a data set is null; filter them out before");
        }
        requireArrays("features", data.getFeatures());
        requireArrays("labels", data.getLabels());
    }

    private static void requireArrays(String what, @Nullable INDArray @Nullable [] arrays) {
        if (arrays == null || arrays.length == 0 || Arrays.stream(arrays).anyMatch(Objects::isNull)) {
            throw new IllegalArgumentException("a data set has no " + what + ", but examples need features and labels");
        }
    }

    /** Those of data sets that were merged into one. */
    static Examples of(MultiDataSet merged, DataType type) {
        INDArray[] features = merged.getFeatures();
        return new Examples(
                null,
                (int) features[0].size(0),
                tables(features, type),
                masks(merged.getFeaturesMaskArrays(), type),
                tables(merged.getLabels(), type),
                masks(merged.getLabelsMaskArrays(), type));
    }

    /** None. */
    static Examples none() {
        return new Examples(null, 0, new Table[0], new Table[0], new Table[0], new Table[0]);
    }

    /** Some that cannot be used. */
    static Examples unusable(String why) {
        return new Examples(why, 0, new Table[0], new Table[0], new Table[0], new Table[0]);
    }

    /** What is wrong with the numbers of features and labels: which of the examples has one that is not finite; or null. */
    @Nullable
    String firstFault() {
        if (fault != null) {
            return fault;
        }
        String found = nonFinite("features", features);
        return found != null ? found : nonFinite("labels", labels);
    }

    private static @Nullable String nonFinite(String what, Table[] tables) {
        for (int i = 0; i < tables.length; i++) {
            int at = tables[i].numbers.firstNonFinite();
            if (at >= 0) {
                int columns = tables[i].columns();
                return "example " + at / columns + " has " + what + (tables.length == 1 ? "" : " " + i)
                        + " that are not finite in the network's type, at element " + at % columns
                        + "; all must be finite numbers";
            }
        }
        return null;
    }

    private static Table[] tables(INDArray[] arrays, DataType type) {
        return Arrays.stream(arrays).map(array -> Table.of(array, type)).toArray(Table[]::new);
    }

    private static @Nullable Table[] masks(@Nullable INDArray @Nullable [] arrays, DataType type) {
        int count = arrays == null ? 0 : arrays.length;
        @Nullable Table[] tables = new Table[count];
        for (int i = 0; i < count && arrays != null; i++) {
            INDArray mask = arrays[i];
            tables[i] = mask == null ? null : Table.of(mask, type);
        }
        return tables;
    }

    /** The examples of these numbers. */
    Examples subset(int[] rows) {
        return new Examples(
                null,
                rows.length,
                subset(features, rows),
                subset(featureMasks, rows),
                subset(labels, rows),
                subset(labelMasks, rows));
    }

    private static Table[] subset(@Nullable Table[] tables, int[] rows) {
        return Arrays.stream(tables)
                .map(table ->
                        table == null ? null : new Table(table.example, table.numbers.rows(rows, table.columns())))
                .toArray(Table[]::new);
    }

    /** Bytes of features and labels. */
    long bytes() {
        return Stream.of(features, labels)
                .flatMap(Arrays::stream)
                .mapToLong(table -> table.numbers.bytes())
                .sum();
    }

    /** Whether they go into one batch with others: their arrays have the same shapes, and neither has masks. */
    boolean goWith(Examples others) {
        return featureMasks.length + labelMasks.length + others.featureMasks.length + others.labelMasks.length == 0
                && areAlike(features, others.features)
                && areAlike(labels, others.labels);
    }

    private static boolean areAlike(Table[] a, Table[] b) {
        return a.length == b.length
                && IntStream.range(0, a.length).allMatch(i -> Arrays.equals(a[i].example, b[i].example));
    }

    /** One after the other, in arrays that the caller closes, of such that go with each other. */
    static OwnBatch joined(List<Examples> parts) {
        return new OwnBatch(new MiniBatch(
                joined(parts, Examples::features), List.of(), joined(parts, Examples::labels), List.of()));
    }

    private static List<@Nullable INDArray> joined(List<Examples> parts, Function<Examples, Table[]> tables) {
        List<@Nullable INDArray> joined = new ArrayList<>();
        for (int i = 0; i < tables.apply(parts.get(0)).length; i++) {
            List<INDArray> arrays = new ArrayList<>();
            for (Examples part : parts) {
                Table table = tables.apply(part)[i];
                arrays.add(table.array(IntStream.range(0, part.size).toArray()));
            }
            joined.add(arrays.size() == 1 ? arrays.get(0) : Nd4j.concat(0, arrays.toArray(new INDArray[0])));
            if (arrays.size() > 1) {
                arrays.forEach(INDArray::close);
            }
        }
        return joined;
    }

    /** The examples of these numbers, in arrays that the caller closes. */
    OwnBatch select(int[] rows) {
        return new OwnBatch(new MiniBatch(
                arrays(features, rows), arrays(featureMasks, rows), arrays(labels, rows), arrays(labelMasks, rows)));
    }

    private static List<@Nullable INDArray> arrays(@Nullable Table[] tables, int[] rows) {
        List<@Nullable INDArray> arrays = new ArrayList<>();
        for (Table table : tables) {
            arrays.add(table == null ? null : table.array(rows));
        }
        return arrays;
    }

    @Override
    public String toString() {
        return size + " examples";
    }
}
