package org.dl4jgn.tables;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Splits the rows of a table, and has its columns encoded. */
final class TableEncoder {

    private static final int FEWEST_ROWS = 10;

    private final Table table;
    private final int column;
    private final EncodedTable.Split split;
    private final List<String> notes = new ArrayList<>();

    TableEncoder(Table written, String target, EncodedTable.Split split) throws DataException {
        column = written.column(target);
        table = ReadableColumns.of(written, notes);
        this.split = split;
    }

    EncodedTable encode() throws DataException {
        String target = table.columns().get(column);
        int[] known = IntStream.range(0, table.rows().size())
                .filter(i -> !ReadableColumns.isMissing(table.rows().get(i).get(column)))
                .toArray();
        if (known.length < FEWEST_ROWS) {
            throw new DataException(table.source() + " has " + known.length + " rows with a value of \"" + target
                    + "\"; at least " + FEWEST_ROWS + " are needed.");
        }
        if (known.length < table.rows().size()) {
            notes.add(
                    (table.rows().size() - known.length) + " rows without a value of \"" + target + "\" are left out");
        }
        TargetColumn labels = TargetColumn.of(table, column, known);
        split.shuffle().accept(known);
        int tests = Math.max(1, (int) Math.round(split.testShare() * known.length));
        labels.bringEachClassBehind(tests, known);
        int[] test = Arrays.copyOf(known, tests);
        int[] train = Arrays.copyOfRange(known, tests, known.length);
        float[][] features = new FeatureColumns(table, train, notes).without(column);
        EncodedTable.Target meaning = labels.meaning(train, notes);
        float[][] numbers = labels.numbers(meaning);
        return new EncodedTable(
                rows(features, train),
                rows(numbers, train),
                rows(features, test),
                rows(numbers, test),
                meaning,
                List.copyOf(notes));
    }

    private static float[][] rows(float[][] all, int[] chosen) {
        return IntStream.of(chosen).mapToObj(i -> all[i]).toArray(float[][]::new);
    }
}
