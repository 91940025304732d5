package org.dl4jgn.bench.problem;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.dl4jgn.bench.data.DataException;
import org.dl4jgn.bench.data.DataFile;
import org.dl4jgn.bench.data.Examples;
import org.dl4jgn.bench.data.MersenneStream;
import org.dl4jgn.bench.data.Table;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A table as numbers. Rows are split at random; means, deviations and categories come from the training rows alone. A
 * column of numbers is standardized, and where it misses some, the mean takes their place and a column that is 1 there is
 * added; a column of text becomes a column for each of its texts, what is missing being a text of its own; a column that is
 * constant, or has too many texts, is left out. Whatever is not simply a standardized number is said in a note.
 */
final class TabularData {

    /** A target of whole numbers is one of classes up to here. */
    private static final int MOST_INTEGER_CLASSES = 10;

    private static final int MOST_CLASSES = 100;
    private static final int FEWEST_OF_A_CLASS = 3;
    private static final int MOST_TEXTS = 30;
    private static final int FEWEST_ROWS = 10;

    private final Table table;
    private final List<String> notes;
    private final int[] train;
    private final int[] test;

    private TabularData(Table table, List<String> notes, int[] train, int[] test) {
        this.table = table;
        this.notes = notes;
        this.train = train;
        this.test = test;
    }

    /**
     * Encodes a table.
     *
     * @param target name of the column to predict
     * @param testShare of the rows
     * @param splitSeed decides which rows
     * @throws DataException if there is no such column, or nothing to learn or to learn from
     */
    static LoadedData encode(DataFile file, Table written, String target, double testShare, int splitSeed)
            throws DataException {
        int column = written.column(target);
        List<String> notes = new ArrayList<>();
        Table table = ReadableColumns.of(written, notes);
        int[] known = IntStream.range(0, table.rows().size())
                .filter(i -> !ReadableColumns.isMissing(table.rows().get(i).get(column)))
                .toArray();
        if (known.length < FEWEST_ROWS) {
            throw new DataException(table.source() + " has " + known.length + " rows with a value of \"" + target
                    + "\"; at least " + FEWEST_ROWS + " are needed.");
        }
        MersenneStream.numpy(splitSeed).shuffle(known);
        int tests = Math.max(1, (int) Math.round(testShare * known.length));
        TabularData data = new TabularData(
                table,
                notes,
                IntStream.of(known).skip(tests).toArray(),
                IntStream.of(known).limit(tests).toArray());
        if (known.length < table.rows().size()) {
            data.notes.add(
                    (table.rows().size() - known.length) + " rows without a value of \"" + target + "\" are left out");
        }
        return data.encode(file, column);
    }

    private LoadedData encode(DataFile file, int target) throws DataException {
        List<double[]> features = new ArrayList<>();
        for (int column = 0; column < table.columns().size(); column++) {
            if (column != target) {
                addFeatures(column, features);
            }
        }
        if (features.isEmpty()) {
            throw new DataException(table.source() + " has no column to learn from besides \""
                    + table.columns().get(target) + "\""
                    + (notes.isEmpty() ? "." : ": " + String.join("; ", notes) + "."));
        }
        INDArray x = array(features);
        Target y = target(target);
        Examples examples = new Examples(
                Nd4j.pullRows(x, 1, train),
                Nd4j.pullRows(y.labels, 1, train),
                Nd4j.pullRows(x, 1, test),
                Nd4j.pullRows(y.labels, 1, test));
        return LoadedData.of(examples, y.task, y.scale, List.of(file), notes.toArray(String[]::new));
    }

    private static INDArray array(List<double[]> columns) {
        int rows = columns.get(0).length;
        float[] values = new float[rows * columns.size()];
        for (int j = 0; j < columns.size(); j++) {
            for (int i = 0; i < rows; i++) {
                values[i * columns.size() + j] = (float) columns.get(j)[i];
            }
        }
        return Nd4j.createFromArray(values).reshape(rows, columns.size());
    }

    private String cell(int row, int column) {
        return table.rows().get(row).get(column);
    }

    private boolean isNumeric(int column) {
        return table.rows().stream()
                .map(row -> row.get(column))
                .allMatch(c -> ReadableColumns.isMissing(c) || ReadableColumns.isNumber(c));
    }

    private void addFeatures(int column, List<double[]> features) {
        if (isNumeric(column)) {
            addNumbers(column, features);
        } else {
            addTexts(column, features);
        }
    }

    private void addNumbers(int column, List<double[]> features) {
        double[] values = new double[table.rows().size()];
        double[] missing = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            String cell = cell(i, column);
            missing[i] = ReadableColumns.isMissing(cell) ? 1 : 0;
            values[i] = missing[i] == 1 ? Double.NaN : Double.parseDouble(cell);
        }
        Moments moments =
                Moments.of(IntStream.of(train).mapToDouble(i -> values[i]).toArray());
        String name = "column \"" + table.columns().get(column) + "\"";
        if (moments.count == 0) {
            notes.add(name + " is empty: left out");
            return;
        }
        long holes =
                IntStream.range(0, values.length).filter(i -> missing[i] == 1).count();
        if (moments.deviation == 0 && holes == 0) {
            notes.add(name + " is constant: left out");
            return;
        }
        if (IntStream.range(1, values.length).allMatch(i -> values[i] == values[0] + i)) {
            notes.add(name + " counts the rows: left out");
            return;
        }
        if (moments.deviation > 0) {
            features.add(IntStream.range(0, values.length)
                    .mapToDouble(i -> missing[i] == 1 ? 0 : (values[i] - moments.mean) / moments.deviation)
                    .toArray());
        }
        if (holes > 0) {
            features.add(missing);
            notes.add(name + " misses " + holes + " values: the mean takes their place, and a column that is 1 there is"
                    + " added");
        }
    }

    private void addTexts(int column, List<double[]> features) {
        String name = "column \"" + table.columns().get(column) + "\"";
        Set<String> texts = new TreeSet<>();
        IntStream.of(train).forEach(i -> texts.add(text(i, column)));
        if (texts.size() < 2) {
            notes.add(name + " is constant: left out");
            return;
        }
        if (texts.size() > MOST_TEXTS) {
            notes.add(
                    name + " is text of " + texts.size() + " different values, more than " + MOST_TEXTS + ": left out");
            return;
        }
        for (String text : texts) {
            features.add(IntStream.range(0, table.rows().size())
                    .mapToDouble(i -> text(i, column).equals(text) ? 1 : 0)
                    .toArray());
        }
        notes.add(name + " is text: a column of 0 and 1 for each of " + String.join(", ", texts));
    }

    private String text(int row, int column) {
        String cell = cell(row, column);
        return ReadableColumns.isMissing(cell) ? "(missing)" : cell;
    }

    private record Target(Task task, INDArray labels, double scale) {}

    private Target target(int column) throws DataException {
        String name = "target \"" + table.columns().get(column) + "\"";
        TreeSet<String> texts = new TreeSet<>(TabularData::compareNumbersFirst);
        IntStream.concat(IntStream.of(train), IntStream.of(test)).forEach(i -> texts.add(cell(i, column)));
        if (texts.size() < 2) {
            throw new DataException(table.source() + ": the " + name + " is always \"" + texts.first()
                    + "\", so there is nothing to learn.");
        }
        boolean numeric = isNumeric(column);
        if (numeric && !(texts.size() <= MOST_INTEGER_CLASSES && texts.stream().allMatch(TabularData::isWhole))) {
            notes.add(name + " is a number: regression, standardized for training");
            return numbers(column);
        }
        int rows = train.length + test.length;
        if (texts.size() > MOST_CLASSES || texts.size() * FEWEST_OF_A_CLASS > rows) {
            throw new DataException(table.source() + ": the " + name + " is text of " + texts.size()
                    + " different values in " + rows + " rows, too many to be classes: at most " + MOST_CLASSES
                    + ", with " + FEWEST_OF_A_CLASS + " rows each on average.");
        }
        List<String> classes = List.copyOf(texts);
        notes.add(name + " is one of " + classes.size() + " classes: "
                + String.join(", ", texts.stream().limit(MOST_INTEGER_CLASSES).toList())
                + (classes.size() > MOST_INTEGER_CLASSES ? ", ..." : ""));
        INDArray labels = Nd4j.zeros(DataType.FLOAT, table.rows().size(), classes.size() == 2 ? 1 : classes.size());
        List<String> ordered = new ArrayList<>(texts);
        for (int i = 0; i < table.rows().size(); i++) {
            int label = ordered.indexOf(cell(i, column));
            if (classes.size() > 2 && label >= 0) {
                labels.putScalar(i, label, 1);
            } else if (label == 1) {
                labels.putScalar(i, 0, 1);
            }
        }
        return new Target(classes.size() == 2 ? Task.BINARY : Task.CLASSES, labels, 1);
    }

    private static int compareNumbersFirst(String a, String b) {
        if (ReadableColumns.isNumber(a) && ReadableColumns.isNumber(b)) {
            return Double.compare(Double.parseDouble(a), Double.parseDouble(b));
        }
        return ReadableColumns.isNumber(a) == ReadableColumns.isNumber(b)
                ? a.compareTo(b)
                : ReadableColumns.isNumber(a) ? -1 : 1;
    }

    private static boolean isWhole(String cell) {
        return ReadableColumns.isNumber(cell) && Math.rint(Double.parseDouble(cell)) == Double.parseDouble(cell);
    }

    private Target numbers(int column) {
        double[] values = table.rows().stream()
                .map(row -> row.get(column))
                .mapToDouble(cell -> ReadableColumns.isMissing(cell) ? Double.NaN : Double.parseDouble(cell))
                .toArray();
        Moments moments =
                Moments.of(IntStream.of(train).mapToDouble(i -> values[i]).toArray());
        double deviation = moments.deviation > 0 ? moments.deviation : 1;
        double[] scaled = IntStream.range(0, values.length)
                .mapToDouble(i -> (values[i] - moments.mean) / deviation)
                .toArray();
        return new Target(Task.REGRESSION, array(List.of(scaled)), deviation);
    }

    /** Mean and deviation of those of some numbers that are not missing. */
    private record Moments(int count, double mean, double deviation) {

        static Moments of(double[] values) {
            double[] there = java.util.Arrays.stream(values)
                    .filter(x -> !Double.isNaN(x))
                    .toArray();
            double mean = java.util.Arrays.stream(there).average().orElse(0);
            double variance = java.util.Arrays.stream(there)
                    .map(x -> (x - mean) * (x - mean))
                    .average()
                    .orElse(0);
            double deviation = Math.sqrt(variance);
            return new Moments(there.length, mean, deviation > 1e-12 * Math.abs(mean) ? deviation : 0);
        }
    }
}
