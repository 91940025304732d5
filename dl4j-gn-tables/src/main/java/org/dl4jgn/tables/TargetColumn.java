package org.dl4jgn.tables;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** The column to predict: a number, or one of some classes. */
final class TargetColumn {

    /** A target of whole numbers is one of classes up to here. */
    private static final int MOST_INTEGER_CLASSES = 10;

    private static final int MOST_CLASSES = 100;
    private static final int FEWEST_OF_A_CLASS = 3;

    private final Table table;
    private final int column;

    /** Empty for a number. */
    private final List<String> classes;

    private final Map<String, Integer> rowsOfClass = new HashMap<>();

    private TargetColumn(Table table, int column, List<String> classes) {
        this.table = table;
        this.column = column;
        this.classes = classes;
    }

    /**
     * Decides what it is.
     *
     * @param known rows that have a value
     * @throws DataException if there is nothing to learn, or it has too many texts to be classes
     */
    static TargetColumn of(Table table, int column, int[] known) throws DataException {
        TreeSet<String> texts = new TreeSet<>(TargetColumn::compareNumbersFirst);
        IntStream.of(known).forEach(i -> texts.add(table.rows().get(i).get(column)));
        String name = "the target \"" + table.columns().get(column) + "\"";
        if (texts.size() < 2) {
            throw new DataException(table.source() + ": " + name + " is always \"" + texts.first()
                    + "\", so there is nothing to learn.");
        }
        if (table.isNumeric(column)
                && !(texts.size() <= MOST_INTEGER_CLASSES && texts.stream().allMatch(TargetColumn::isWhole))) {
            return new TargetColumn(table, column, List.of());
        }
        if (texts.size() > MOST_CLASSES || texts.size() * FEWEST_OF_A_CLASS > known.length) {
            throw new DataException(table.source() + ": " + name + " is text of " + texts.size()
                    + " different values in " + known.length + " rows, too many to be classes: at most " + MOST_CLASSES
                    + ", with " + FEWEST_OF_A_CLASS + " rows each on average.");
        }
        TargetColumn target = new TargetColumn(table, column, List.copyOf(texts));
        IntStream.of(known).forEach(i -> target.rowsOfClass.merge(target.text(i), 1, Integer::sum));
        return target;
    }

    private String text(int row) {
        return classes.isEmpty()
                ? table.rows().get(row).get(column)
                : classes.get(position(table.rows().get(row).get(column)));
    }

    /** "1" and "1.0" are one class. */
    private int position(String cell) {
        for (int i = 0; i < classes.size(); i++) {
            if (compareNumbersFirst(classes.get(i), cell) == 0) {
                return i;
            }
        }
        return -1;
    }

    /**
     * Sees to it that each class has a row among those that are trained on, by exchanging rows: what was never seen cannot be
     * told.
     *
     * @param tests how many of the first rows are for testing
     * @param rows in the order of the split; changed
     */
    void bringEachClassBehind(int tests, int[] rows) {
        Map<String, Integer> trained = new HashMap<>();
        IntStream.range(tests, rows.length).forEach(i -> trained.merge(text(rows[i]), 1, Integer::sum));
        for (int i = 0; i < tests && !classes.isEmpty(); i++) {
            String text = text(rows[i]);
            if (trained.containsKey(text)) {
                continue;
            }
            for (int j = tests; j < rows.length; j++) {
                String other = text(rows[j]);
                if (trained.getOrDefault(other, 0) > 1) {
                    int row = rows[i];
                    rows[i] = rows[j];
                    rows[j] = row;
                    trained.merge(other, -1, Integer::sum);
                    trained.put(text, 1);
                    break;
                }
            }
        }
    }

    EncodedTable.Target meaning(int[] train, List<String> notes) {
        String name = "target \"" + table.columns().get(column) + "\"";
        if (classes.isEmpty()) {
            notes.add(name + " is a number: regression, standardized for training");
            Moments moments = Moments.of(values(), train);
            return new EncodedTable.Target(
                    EncodedTable.Kind.NUMBER,
                    List.of(),
                    moments.mean(),
                    moments.deviation() > 0 ? moments.deviation() : 1);
        }
        notes.add(name + " is one of " + classes.size() + " classes: "
                + Names.list(classes.stream().limit(MOST_INTEGER_CLASSES).toList())
                + (classes.size() > MOST_INTEGER_CLASSES ? ", ..." : ""));
        List<String> single = classes.stream()
                .filter(text -> rowsOfClass.getOrDefault(text, 0) == 1)
                .toList();
        if (!single.isEmpty()) {
            notes.add((single.size() == 1 ? "class " : "classes ") + Names.list(single)
                    + " with one row each: trained on, and never tested");
        }
        return new EncodedTable.Target(
                classes.size() == 2 ? EncodedTable.Kind.TWO_CLASSES : EncodedTable.Kind.CLASSES, classes, 0, 1);
    }

    private double[] values() {
        return table.rows().stream()
                .map(row -> row.get(column))
                .mapToDouble(cell -> ReadableColumns.isMissing(cell) ? Double.NaN : Double.parseDouble(cell))
                .toArray();
    }

    /** Labels of all rows [rows][outputs]; those without a value are of no use. */
    float[][] numbers(EncodedTable.Target meaning) {
        List<float[]> labels = new ArrayList<>();
        double[] values = classes.isEmpty() ? values() : new double[0];
        for (int i = 0; i < table.rows().size(); i++) {
            labels.add(
                    switch (meaning.kind()) {
                        case NUMBER -> new float[] {(float) ((values[i] - meaning.mean()) / meaning.scale())};
                        case TWO_CLASSES -> new float[] {position(cell(i)) == 1 ? 1 : 0};
                        case CLASSES -> oneHot(position(cell(i)));
                    });
        }
        return labels.toArray(float[][]::new);
    }

    private String cell(int row) {
        return table.rows().get(row).get(column);
    }

    private float[] oneHot(int position) {
        float[] label = new float[classes.size()];
        if (position >= 0) {
            label[position] = 1;
        }
        return label;
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
}
