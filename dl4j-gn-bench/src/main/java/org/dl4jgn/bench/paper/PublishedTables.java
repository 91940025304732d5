package org.dl4jgn.bench.paper;

import java.io.IOException;
import java.util.List;

/** The SGN paper's tables: accuracy after a time of training. */
public final class PublishedTables {

    private final List<Entry> entries;

    /**
     * One figure.
     *
     * @param problem as the tool names it
     * @param seconds of training, on the authors' machine
     * @param optimizer as the authors name it
     * @param accuracy on the test data, in percent
     * @param epochs done in that time; NaN where the paper does not say
     */
    public record Entry(String problem, int seconds, String optimizer, double accuracy, double epochs) {}

    /** Reads them. */
    public PublishedTables() throws IOException {
        entries = Resource.rows("published-tables.csv").stream()
                .map(row -> new Entry(
                        row.get("problem"),
                        Integer.parseInt(row.get("seconds")),
                        row.get("optimizer"),
                        Resource.number(row, "accuracy"),
                        Resource.number(row, "epochs")))
                .toList();
    }

    /** Those of a problem. */
    public List<Entry> of(String problem) {
        return entries.stream().filter(entry -> entry.problem().equals(problem)).toList();
    }
}
