package org.dl4jgn.bench.paper;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** Train losses of the SGN authors' own runs; the file tells where they come from. */
public final class PublishedCurves {

    /** The epochs that are kept. */
    public static final List<Integer> EPOCHS = List.of(1, 2, 5, 10, 25);

    private static final String FILE = "published-curves.csv";

    private static final CSVFormat FORMAT = CSVFormat.DEFAULT
            .builder()
            .setCommentMarker('#')
            .setHeader()
            .setSkipHeaderRecord(true)
            .build();

    private record Key(String problem, String optimizer, int epoch) {}

    private final Map<Key, Spread> curves = new HashMap<>();

    /** Reads them. */
    public PublishedCurves() throws IOException {
        InputStream file = Objects.requireNonNull(PublishedCurves.class.getResourceAsStream(FILE), FILE);
        try (Reader in = new InputStreamReader(file, StandardCharsets.UTF_8);
                CSVParser rows = FORMAT.parse(in)) {
            for (CSVRecord row : rows) {
                curves.put(
                        new Key(row.get("problem"), row.get("optimizer"), Integer.parseInt(row.get("epoch"))),
                        new Spread(number(row, "min"), number(row, "mean"), number(row, "max")));
            }
        }
    }

    private static double number(CSVRecord row, String column) {
        String text = row.get(column);
        return text.isEmpty() ? Double.NaN : Double.parseDouble(text);
    }

    /** The authors' train loss, with {@code optimizer} as they name it: SGN(10), SGD(0.1). */
    public Optional<Spread> trainLoss(String problem, String optimizer, int epoch) {
        return Optional.ofNullable(curves.get(new Key(problem, optimizer, epoch)));
    }
}
