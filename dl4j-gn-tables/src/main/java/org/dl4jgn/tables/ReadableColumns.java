package org.dl4jgn.tables;

import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * Numbers that people write in other ways than Java does, made readable column by column: decimal commas, dates, and a few
 * cells that are no numbers in a column of them, which count as missing. Each is said in a note.
 */
final class ReadableColumns {

    private static final Set<String> MISSING = Set.of("", "na", "n/a", "nan", "null", "none", "?");
    private static final Pattern DECIMAL_COMMA = Pattern.compile("[+-]?\\d+,\\d+");
    private static final Pattern THOUSANDS = Pattern.compile("[+-]?[1-9]\\d{0,2}(,\\d{3})+");

    /** So many of a column's cells must be numbers that the others count as missing. */
    private static final double MOSTLY = 0.9;

    private final Table table;
    private final List<String> notes;

    private ReadableColumns(Table table, List<String> notes) {
        this.table = table;
        this.notes = notes;
    }

    /** The table with readable columns; what was changed is added to {@code notes}. */
    static Table of(Table table, List<String> notes) {
        ReadableColumns readable = new ReadableColumns(table, notes);
        List<List<String>> columns = new ArrayList<>();
        for (int column = 0; column < table.columns().size(); column++) {
            columns.add(readable.column(column));
        }
        List<List<String>> rows = new ArrayList<>();
        for (int row = 0; row < table.rows().size(); row++) {
            int i = row;
            rows.add(columns.stream().map(column -> column.get(i)).toList());
        }
        return new Table(table.source(), table.columns(), rows);
    }

    static boolean isMissing(String cell) {
        return MISSING.contains(cell.toLowerCase(Locale.ROOT));
    }

    static boolean isNumber(String cell) {
        try {
            return Double.isFinite(Double.parseDouble(cell));
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private List<String> column(int column) {
        List<String> cells = table.rows().stream().map(row -> row.get(column)).toList();
        List<String> there = cells.stream().filter(cell -> !isMissing(cell)).toList();
        String name = "column \"" + table.columns().get(column) + "\"";
        if (there.stream().allMatch(ReadableColumns::isNumber)) {
            return cells;
        }
        if (there.stream().allMatch(cell -> isNumber(cell) || isDecimalComma(cell))
                && !there.stream().allMatch(isMatchOf(THOUSANDS))) {
            notes.add(name + " has decimal commas");
            return map(cells, cell -> cell.replace(',', '.'));
        }
        if (there.stream().allMatch(ReadableColumns::isDate)) {
            notes.add(name + " holds dates: counted in days");
            return map(cells, cell -> Long.toString(LocalDate.parse(cell).toEpochDay()));
        }
        List<String> others = there.stream().filter(cell -> !isNumber(cell)).toList();
        if (others.size() <= (1 - MOSTLY) * there.size()) {
            notes.add(name + " is numbers but for " + others.size() + " of its cells, such as \"" + others.get(0)
                    + "\", which count as missing");
            return map(cells, cell -> isNumber(cell) ? cell : "");
        }
        return cells;
    }

    private static Predicate<String> isMatchOf(Pattern pattern) {
        return cell -> pattern.matcher(cell).matches();
    }

    private static boolean isDecimalComma(String cell) {
        return DECIMAL_COMMA.matcher(cell).matches();
    }

    private static boolean isDate(String cell) {
        try {
            LocalDate.parse(cell);
            return true;
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    private static List<String> map(List<String> cells, UnaryOperator<String> change) {
        return cells.stream()
                .map(cell -> isMissing(cell) ? cell : change.apply(cell))
                .toList();
    }
}
