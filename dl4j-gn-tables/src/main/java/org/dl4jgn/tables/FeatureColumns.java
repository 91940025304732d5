package org.dl4jgn.tables;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/** Columns to learn from, as numbers. */
final class FeatureColumns {

    /** A column of more texts is left out: it would become a column for each, most of them of a row or two. */
    static final int MOST_TEXTS = 30;

    private final Table table;
    private final int[] train;
    private final List<String> notes;
    private final List<double[]> features = new ArrayList<>();

    /** Of a table, by its training rows. */
    FeatureColumns(Table table, int[] train, List<String> notes) {
        this.table = table;
        this.train = train;
        this.notes = notes;
    }

    /** All columns but the target [rows][inputs]. */
    float[][] without(int target) throws DataException {
        List<Integer> counters = new ArrayList<>();
        for (int column = 0; column < table.columns().size(); column++) {
            if (column != target) {
                add(column, counters);
            }
        }
        boolean needed = features.isEmpty();
        for (int column : counters) {
            notes.add(name(column) + " counts the rows: "
                    + (needed ? "kept, since there is no other column to learn from" : "left out"));
            if (needed) {
                addNumbers(numbers(column));
            }
        }
        if (features.isEmpty()) {
            throw new DataException(table.source() + " has no column to learn from besides \""
                    + table.columns().get(target) + "\""
                    + (notes.isEmpty() ? "." : ": " + String.join("; ", notes) + "."));
        }
        float[][] rows = new float[table.rows().size()][features.size()];
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < rows[i].length; j++) {
                rows[i][j] = (float) features.get(j)[i];
            }
        }
        return rows;
    }

    private void add(int column, List<Integer> counters) {
        if (!table.isNumeric(column)) {
            addTexts(column);
            return;
        }
        double[] values = numbers(column);
        long holes = IntStream.range(0, values.length)
                .filter(i -> Double.isNaN(values[i]))
                .count();
        Moments moments = Moments.of(values, train);
        if (moments.count() == 0) {
            notes.add(name(column) + " is empty: left out");
        } else if (moments.deviation() == 0 && holes == 0) {
            notes.add(name(column) + " is constant: left out");
        } else if (countsRows(values)) {
            counters.add(column);
        } else {
            addNumbers(values);
            if (holes > 0) {
                addFeature(i -> Double.isNaN(values[i]) ? 1 : 0);
                notes.add(name(column) + " misses " + holes
                        + " values: the mean takes their place, and a column that is 1" + " there is added");
            }
        }
    }

    /** 1, 2, 3, ... from any number on: an index that was saved with the table. Steps of another size are data. */
    private static boolean countsRows(double[] values) {
        return IntStream.range(1, values.length).allMatch(i -> values[i] == values[0] + i);
    }

    private double[] numbers(int column) {
        return table.rows().stream()
                .map(row -> row.get(column))
                .mapToDouble(cell -> ReadableColumns.isMissing(cell) ? Double.NaN : Double.parseDouble(cell))
                .toArray();
    }

    private void addNumbers(double[] values) {
        Moments moments = Moments.of(values, train);
        if (moments.deviation() > 0) {
            addFeature(i -> Double.isNaN(values[i]) ? 0 : moments.standardized(values[i]));
        }
    }

    private void addFeature(IntToDoubleFunction ofRow) {
        features.add(IntStream.range(0, table.rows().size()).mapToDouble(ofRow).toArray());
    }

    private void addTexts(int column) {
        Set<String> texts = new TreeSet<>();
        IntStream.of(train).forEach(i -> texts.add(text(i, column)));
        if (texts.size() < 2) {
            notes.add(name(column) + " is constant: left out");
        } else if (texts.size() > MOST_TEXTS) {
            notes.add(name(column) + " is text of " + texts.size() + " different values, more than " + MOST_TEXTS
                    + ": left out");
        } else {
            texts.forEach(text -> addFeature(i -> text(i, column).equals(text) ? 1 : 0));
            notes.add(name(column) + " is text: a column of 0 and 1 for each of " + Names.list(texts));
        }
    }

    private String text(int row, int column) {
        String cell = table.rows().get(row).get(column);
        return ReadableColumns.isMissing(cell) ? "(missing)" : cell;
    }

    private String name(int column) {
        return "column \"" + table.columns().get(column) + "\"";
    }
}
