package org.dl4jgn.tables;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * A file of rows and named columns, as text.
 *
 * @param source the file, for messages
 * @param columns names
 * @param rows cells, as many in each row as there are columns
 */
public record Table(String source, List<String> columns, List<List<String>> rows) {

    /** What separates cells, tried in this order. */
    private static final char[] DELIMITERS = {',', ';', '\t', '|'};

    /**
     * Reads a file whose first line names the columns, separated by comma, semicolon, tab or bar.
     *
     * @throws DataException if it is no text, rows differ in length, names repeat, or there is nothing
     */
    public static Table read(DataFile file) throws DataException {
        String head = file.text().lines().findFirst().orElse("");
        char delimiter = DELIMITERS[0];
        for (char candidate : DELIMITERS) {
            if (count(head, candidate) > count(head, delimiter)) {
                delimiter = candidate;
            }
        }
        return read(file, CSVFormat.DEFAULT.builder().setDelimiter(delimiter).build(), 0);
    }

    private static long count(String text, char c) {
        return text.chars().filter(x -> x == c).count();
    }

    /**
     * Reads a file whose columns are named by the line after {@code skipped} others.
     *
     * @throws DataException if it is no text, rows differ in length, names repeat, or there is nothing
     */
    public static Table read(DataFile file, CSVFormat format, int skipped) throws DataException {
        String source = file.path().toString();
        try (Reader in = new StringReader(file.text());
                CSVParser parser = format.builder()
                        .setIgnoreEmptyLines(true)
                        .setIgnoreSurroundingSpaces(true)
                        .build()
                        .parse(in)) {
            List<CSVRecord> records = parser.getRecords();
            if (records.isEmpty()) {
                throw new DataException(source + " is empty.");
            }
            if (records.size() < skipped + 2) {
                throw new DataException(source + " holds no rows below the names of its columns.");
            }
            List<String> names = names(source, records.get(skipped));
            List<List<String>> rows = new ArrayList<>();
            for (CSVRecord row : records.subList(skipped + 1, records.size())) {
                if (row.size() != names.size()) {
                    throw new DataException(source + " has " + row.size() + " cells in row " + row.getRecordNumber()
                            + ", and names " + names.size() + " columns: it is damaged or truncated there.");
                }
                rows.add(row.stream().map(String::strip).toList());
            }
            return new Table(source, names, rows);
        } catch (DataException e) {
            throw e;
        } catch (UncheckedIOException e) {
            throw unreadable(source, e);
        } catch (IOException | IllegalStateException e) {
            throw unreadable(source, e);
        }
    }

    private static DataException unreadable(String source, Exception e) {
        Throwable cause = e instanceof UncheckedIOException && e.getCause() != null ? e.getCause() : e;
        String why = String.valueOf(cause.getMessage())
                .replaceFirst("^(IOException|[\\w.]+\\.\\w+Exception)( reading next record)?: ", "")
                .replaceFirst("^.*startline (\\d+)\\) EOF.*$", "a quote in line $1 is never closed");
        return new DataException(source + " is not a file of separated values: " + why + ".", e);
    }

    private static List<String> names(String source, CSVRecord header) throws DataException {
        List<String> names = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < header.size(); i++) {
            String name = header.get(i).strip();
            names.add(name.isEmpty() ? "column " + (i + 1) : name);
            if (!seen.add(names.get(i))) {
                throw new DataException(source + " names the column \"" + name + "\" twice in its first line.");
            }
        }
        return List.copyOf(names);
    }

    /** Position of a column. */
    public int column(String name) throws DataException {
        int index = columns.indexOf(name);
        if (index < 0) {
            String near = Names.didYouMean(name, columns);
            throw new DataException(source + " has no column \"" + name + "\"" + near
                    + (near.isEmpty() ? "; its columns are " : " Its columns are ") + Names.list(columns) + ".");
        }
        return index;
    }

    /** Whether all cells of a column that are not missing are numbers. */
    public boolean isNumeric(int column) {
        return rows.stream()
                .map(row -> row.get(column))
                .allMatch(cell -> ReadableColumns.isMissing(cell) || ReadableColumns.isNumber(cell));
    }

    /**
     * All cells as numbers.
     *
     * @throws DataException if one is none
     */
    public double[][] numbers() throws DataException {
        double[][] numbers = new double[rows.size()][columns.size()];
        for (int i = 0; i < numbers.length; i++) {
            for (int j = 0; j < numbers[i].length; j++) {
                String cell = rows.get(i).get(j);
                try {
                    numbers[i][j] = Double.parseDouble(cell);
                } catch (NumberFormatException e) {
                    throw new DataException(
                            source + " is damaged: \"" + cell + "\" in column \"" + columns.get(j)
                                    + "\" is not a number.",
                            e);
                }
            }
        }
        return numbers;
    }
}
