package org.dl4jgn.bench.paper;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** Tables beside the classes. */
final class Resource {

    private static final CSVFormat FORMAT = CSVFormat.DEFAULT
            .builder()
            .setCommentMarker('#')
            .setHeader()
            .setSkipHeaderRecord(true)
            .build();

    private Resource() {}

    static List<CSVRecord> rows(String name) throws IOException {
        InputStream file = Objects.requireNonNull(Resource.class.getResourceAsStream(name), name);
        try (Reader in = new InputStreamReader(file, StandardCharsets.UTF_8);
                CSVParser rows = FORMAT.parse(in)) {
            return rows.getRecords();
        }
    }

    static double number(CSVRecord row, String column) {
        String text = row.get(column);
        return text.isEmpty() ? Double.NaN : Double.parseDouble(text);
    }
}
