package org.dl4jgn.examples;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A CSV with a header, as numbers: a column of numbers stays one column, a column with any text becomes one column of
 * zeros and ones for each of its values, and rows with an empty cell are left out.
 *
 * @param header names of the columns
 * @param rows complete rows
 * @param dropped number of rows with an empty cell
 */
record CsvTable(List<String> header, List<List<String>> rows, int dropped) {

    private static final CSVFormat FORMAT = CSVFormat.DEFAULT
            .builder()
            .setHeader()
            .setSkipHeaderRecord(true)
            .setIgnoreSurroundingSpaces(true)
            .setTrim(true)
            .build();

    static CsvTable read(Reader source) throws IOException {
        try (CSVParser parser = FORMAT.parse(source)) {
            List<String> header = parser.getHeaderNames();
            List<List<String>> complete = new ArrayList<>();
            int dropped = 0;
            for (CSVRecord row : parser) {
                if (row.size() == header.size() && row.stream().noneMatch(String::isEmpty)) {
                    complete.add(row.toList());
                } else {
                    dropped++;
                }
            }
            return new CsvTable(header, complete, dropped);
        }
    }

    /** Fisher's irises (1936): four measures of 150 flowers, and their species. */
    static CsvTable irises() throws IOException {
        try (Reader source = new InputStreamReader(
                Objects.requireNonNull(CsvTable.class.getResourceAsStream("/iris.csv")), StandardCharsets.UTF_8)) {
            return read(source);
        }
    }

    /** The column named {@code target} as labels, all others as features, in the order of the file. */
    DataSet split(String target) {
        int label = column(target);
        List<double[]> features = new ArrayList<>();
        for (int column = 0; column < header.size(); column++) {
            if (column != label) {
                features.addAll(numbers(column));
            }
        }
        return new DataSet(Nd4j.create(byRow(features)), Nd4j.create(byRow(numbers(label))));
    }

    /** The values of a text column, in alphabetical order, as {@link #split} numbers them; empty for numbers. */
    List<String> classes(String name) {
        int column = column(name);
        return cells(column).allMatch(CsvTable::isNumber)
                ? List.of()
                : cells(column).distinct().sorted().toList();
    }

    private int column(String name) {
        int column = header.indexOf(name);
        if (column < 0) {
            throw new IllegalArgumentException("No column is named " + name + "; there are " + header);
        }
        return column;
    }

    private List<double[]> numbers(int column) {
        List<String> classes = classes(header.get(column));
        if (classes.isEmpty()) {
            return List.of(cells(column).mapToDouble(Double::parseDouble).toArray());
        }
        return classes.stream()
                .map(value -> cells(column)
                        .mapToDouble(cell -> cell.equals(value) ? 1 : 0)
                        .toArray())
                .toList();
    }

    private Stream<String> cells(int column) {
        return rows.stream().map(row -> row.get(column));
    }

    private static boolean isNumber(String cell) {
        try {
            return Double.isFinite(Double.parseDouble(cell));
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private static double[][] byRow(List<double[]> columns) {
        double[][] rows = new double[columns.get(0).length][columns.size()];
        for (int j = 0; j < columns.size(); j++) {
            for (int i = 0; i < rows.length; i++) {
                rows[i][j] = columns.get(j)[i];
            }
        }
        return rows;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%d rows of %s, %d left out for empty cells", rows.size(), header, dropped);
    }
}
